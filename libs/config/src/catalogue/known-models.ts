/**
 * Well-known models, written by `npm run catalogue` from libs/config/catalogue/facts.yaml and the documentation
 * of the installed packages. One line a model: vendor, model, context, longest answer, prices (input, output,
 * cached input, cache write; US dollars per million tokens), abilities, sources. Empty is not known.
 *
 * Contexts and prices, read on 2026-11-22:
 *   openai-codex: https://developers.openai.com/api/docs/models/gpt-5-codex
 *   openai-gpt-4: https://developers.openai.com/api/docs/models/gpt-4.md
 *   openai-lineup: https://www.morphllm.com/openai-api-pricing
 *   openai-march: https://deploybase.ai/articles/openai-pricing
 *   openai-gpt-4o: https://github.com/CommitBrief/commitbrief/wiki/Provider-OpenAI
 *   openai-gpt-5.5: https://docs.oxen.ai/inference-api/reference/models/gpt-5-5-2026-04-23.md
 *   openai-gpt-5.4: https://wavespeed.ai/zh-CN/llm/openai/gpt-5.4
 *   openai-embeddings: https://chatgptpricing-akr.pages.dev/api-pricing
 *   vercel-gpt-4.1: https://vercel.com/ai-gateway/models/gpt-4.1-fast.md
 *   anthropic-pricing: https://platform.claude.com/docs/en/about-claude/pricing
 *   anthropic-opus-5: https://platform.claude.com/docs/about-claude/models/whats-new-opus-5
 *   anthropic-opus-5-overview: https://platform.claude.com/docs/en/models/opus-5/overview
 *   gemini-prices: https://deploybase.ai/articles/gemini-2.5-pricing
 *
 * Abilities:
 *   @ai-sdk/openai 4.0.118
 *   @ai-sdk/anthropic 4.0.105
 *   @ai-sdk/google 4.0.121
 *   @ai-sdk/amazon-bedrock 5.0.101
 *   @ai-sdk/mistral 4.0.87
 *   @ai-sdk/groq 4.0.84
 *   @ai-sdk/xai 5.0.12
 *   @ai-sdk/deepseek 3.0.56
 *   @ai-sdk/togetherai 3.0.54
 *   @ai-sdk/fireworks 3.0.62
 *   @ai-sdk/perplexity 4.0.49
 *   @ai-sdk/cerebras 3.0.59
 *   @ai-sdk/cohere 4.0.52
 */
export const KNOWN_MODELS = `
openai|gpt-4|8192|8192|30|60||||openai-gpt-4
openai|gpt-4.1|1047576|32768|2|8|||vision jsonSchema tools|vercel-gpt-4.1 openai-march
openai|gpt-4.1-mini|||0.4|1.6|||vision jsonSchema tools|openai-march
openai|gpt-4.1-nano|||0.1|0.4|||vision jsonSchema tools|openai-march
openai|gpt-4o|128000||2.5|10|1.25||vision jsonSchema tools|openai-gpt-4o
openai|gpt-4o-mini|128000||0.15|0.6|0.075||vision jsonSchema tools|openai-gpt-4o
openai|gpt-5|||1.25|10|||vision jsonSchema tools|openai-codex openai-march
openai|gpt-5-chat-latest|||||||vision no-jsonSchema no-tools|
openai|gpt-5-codex|400000|128000|1.25|10|0.125||vision jsonSchema tools|openai-codex
openai|gpt-5-mini|||0.25|2|||vision jsonSchema tools|openai-march
openai|gpt-5-nano|||||||vision jsonSchema tools|
openai|gpt-5-pro|400000|128000|15|120|||vision jsonSchema tools|openai-march
openai|gpt-5.1|400000|128000|1.25|10|||vision jsonSchema tools|openai-march
openai|gpt-5.1-chat-latest|||||||vision jsonSchema tools|
openai|gpt-5.1-codex|||||||vision jsonSchema tools|
openai|gpt-5.1-codex-mini|||||||vision jsonSchema tools|
openai|gpt-5.2|||||||vision jsonSchema tools|
openai|gpt-5.2-chat-latest|||||||vision jsonSchema tools|
openai|gpt-5.2-pro|||||||vision jsonSchema tools|
openai|gpt-5.3-chat-latest|||||||vision jsonSchema tools|
openai|gpt-5.4|1050000||2.5|15|0.25||vision jsonSchema tools|openai-gpt-5.4 openai-lineup
openai|gpt-5.4-mini|||0.75|4.5|0.075||vision jsonSchema tools|openai-lineup
openai|gpt-5.4-nano|||0.2|1.25|0.02||vision jsonSchema tools|openai-lineup
openai|gpt-5.4-pro|||30|180|||vision jsonSchema tools|openai-lineup
openai|gpt-5.5|1050000|128000|5|30|0.5||vision jsonSchema tools|openai-gpt-5.5 openai-lineup
openai|gpt-5.6|||||||vision jsonSchema tools|
openai|gpt-5.6-luna|||||||vision jsonSchema tools|
openai|gpt-5.6-sol|||||||vision jsonSchema tools|
openai|gpt-5.6-terra|||||||vision jsonSchema tools|
openai|gpt-6-astra|||||||vision jsonSchema tools|
openai|gpt-6-luna|||||||vision jsonSchema tools|
openai|gpt-6-sol|||||||vision jsonSchema tools|
openai|gpt-6.1-sol|||||||vision jsonSchema tools|
openai|gpt-6.1-terra|||||||vision jsonSchema tools|
openai|text-embedding-3-large|||0.13|0||||openai-embeddings
openai|text-embedding-3-small|||0.02|0||||openai-embeddings
anthropic|claude-fable-5|1000000|128000|10|50|1|12.5|vision jsonSchema tools|anthropic-pricing anthropic-opus-5-overview
anthropic|claude-fable-5-1|1000000|128000|10|50|0.25|12.5|vision jsonSchema tools|anthropic-pricing anthropic-opus-5
anthropic|claude-fable-5-2|||||||vision jsonSchema tools|
anthropic|claude-haiku-4-5|200000|64000|1|5|0.1|1.25|vision jsonSchema tools|anthropic-pricing anthropic-opus-5-overview
anthropic|claude-haiku-5-5|||||||vision jsonSchema tools|
anthropic|claude-opus-4-0|||||||vision jsonSchema tools|
anthropic|claude-opus-4-1|||15|75|1.5|18.75|vision jsonSchema tools|anthropic-pricing
anthropic|claude-opus-4-5|||5|25|0.5|6.25|vision jsonSchema tools|anthropic-pricing
anthropic|claude-opus-4-6|||5|25|0.5|6.25|vision jsonSchema tools|anthropic-pricing
anthropic|claude-opus-4-7|||5|25|0.5|6.25|vision jsonSchema tools|anthropic-pricing
anthropic|claude-opus-4-8|||5|25|0.5|6.25|vision jsonSchema tools|anthropic-pricing
anthropic|claude-opus-5|1000000|128000|5|25|0.5|6.25|vision jsonSchema tools|anthropic-pricing anthropic-opus-5
anthropic|claude-opus-5-5|1000000|128000|4|20|||vision jsonSchema tools|anthropic-opus-5
anthropic|claude-sonnet-4-0|||||||vision jsonSchema tools|
anthropic|claude-sonnet-4-5|||3|15|0.3|3.75|vision jsonSchema tools|anthropic-pricing
anthropic|claude-sonnet-4-6|||3|15|0.3|3.75|vision jsonSchema tools|anthropic-pricing
anthropic|claude-sonnet-5|1000000|128000|2|10|||vision jsonSchema tools|anthropic-opus-5-overview
anthropic|claude-sonnet-5-5|1000000|128000|2|10|||vision jsonSchema tools|anthropic-opus-5
google|gemini-2.0-flash|||||||vision jsonSchema tools|
google|gemini-2.5-flash|1000000||0.3|2.5|||vision jsonSchema tools|gemini-prices
google|gemini-2.5-flash-lite|||||||vision jsonSchema tools|
google|gemini-2.5-flash-lite-preview-06-17|||||||vision jsonSchema tools|
google|gemini-2.5-pro|1000000||1.25|10|||vision jsonSchema tools|gemini-prices
google|gemini-3-flash-preview|||||||vision jsonSchema tools|
google|gemini-3-pro-image-preview|||||||vision jsonSchema tools|
google|gemini-3-pro-preview|||||||vision jsonSchema tools|
google|gemini-3.1-flash-image-preview|||||||vision jsonSchema tools|
google|gemini-3.1-flash-lite-preview|||||||vision jsonSchema tools|
google|gemini-3.1-pro-preview|||||||vision jsonSchema tools|
google|gemini-3.5-flash|||||||vision jsonSchema tools|
google|gemini-3.5-flash-lite|||||||vision jsonSchema tools|
google|gemini-3.6-flash|||||||vision jsonSchema tools|
google|gemini-3.7-flash|||||||vision jsonSchema tools|
google|gemini-3.8-flash|||||||vision jsonSchema tools|
google|gemini-4-argon|||||||vision jsonSchema tools|
google|gemini-4-carbon|||||||vision jsonSchema tools|
google|gemini-4-hydrogen|||||||vision jsonSchema tools|
google|gemini-nano-banana-2.1|||||||vision no-jsonSchema no-tools|
bedrock|amazon.titan-text-express-v1|||||||no-vision no-jsonSchema no-tools|
bedrock|amazon.titan-text-lite-v1|||||||no-vision no-jsonSchema no-tools|
bedrock|amazon.titan-tg1-large|||||||no-vision no-jsonSchema no-tools|
bedrock|anthropic.claude-3-5-sonnet-20240620-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-3-5-sonnet-20241022-v2:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-3-haiku-20240307-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-3-opus-20240229-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-3-sonnet-20240229-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-haiku-4-5-20251001-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-instant-v1|||||||no-vision no-jsonSchema no-tools|
bedrock|anthropic.claude-opus-4-1-20250805-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-opus-4-20250514-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-sonnet-4-20250514-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-sonnet-4-5-20250929-v1:0|||||||vision jsonSchema tools|
bedrock|anthropic.claude-v2|||||||no-vision no-jsonSchema no-tools|
bedrock|anthropic.claude-v2:1|||||||no-vision no-jsonSchema no-tools|
bedrock|cohere.command-light-text-v14|||||||no-vision no-jsonSchema no-tools|
bedrock|cohere.command-r-plus-v1:0|||||||no-vision no-jsonSchema tools|
bedrock|cohere.command-r-v1:0|||||||no-vision no-jsonSchema tools|
bedrock|cohere.command-text-v14|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-1-405b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-1-70b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-1-8b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-2-11b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-2-1b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-2-3b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-2-90b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-70b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|meta.llama3-8b-instruct-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|mistral.mistral-7b-instruct-v0:2|||||||no-vision no-jsonSchema no-tools|
bedrock|mistral.mistral-large-2402-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|mistral.mistral-small-2402-v1:0|||||||no-vision no-jsonSchema no-tools|
bedrock|mistral.mixtral-8x7b-instruct-v0:1|||||||no-vision no-jsonSchema no-tools|
bedrock|openai.gpt-oss-120b-1:0|||||||no-vision jsonSchema tools|
bedrock|openai.gpt-oss-20b-1:0|||||||no-vision jsonSchema tools|
bedrock|us.amazon.nova-lite-v1:0|||||||vision jsonSchema tools|
bedrock|us.amazon.nova-micro-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.amazon.nova-premier-v1:0|||||||vision jsonSchema tools|
bedrock|us.amazon.nova-pro-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-3-5-sonnet-20240620-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-3-5-sonnet-20241022-v2:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-3-haiku-20240307-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-3-opus-20240229-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-3-sonnet-20240229-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-fable-5|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-fable-5-1|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-haiku-4-5-20251001-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-opus-4-1-20250805-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-opus-4-20250514-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-opus-4-5-20251101-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-opus-4-6-v1|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-opus-4-7|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-opus-4-8|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-sonnet-4-20250514-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-sonnet-4-5-20250929-v1:0|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-sonnet-5|||||||vision jsonSchema tools|
bedrock|us.anthropic.claude-sonnet-5-5|||||||vision jsonSchema tools|
bedrock|us.deepseek.r1-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama3-1-70b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama3-1-8b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama3-2-11b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama3-2-1b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama3-2-3b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama3-2-90b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama3-3-70b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama4-maverick-17b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.meta.llama4-scout-17b-instruct-v1:0|||||||no-vision jsonSchema tools|
bedrock|us.mistral.pixtral-large-2502-v1:0|||||||vision jsonSchema tools|
mistral|labs-leanstral-1-5|||||||vision tools|
mistral|magistral-medium-latest|||||||vision tools|
mistral|magistral-small-latest|||||||vision tools|
mistral|ministral-14b-latest|||||||vision tools|
mistral|ministral-8b-latest|||||||vision tools|
mistral|mistral-large-latest|||||||vision tools|
mistral|mistral-medium-latest|||||||vision tools|
mistral|mistral-small-latest|||||||vision tools|
mistral|voxtral-small-latest|||||||no-vision tools|
mistral|zai-glm-5-2|||||||no-vision tools|
groq|deepseek-r1-distill-llama-70b|||||||no-vision jsonSchema tools|
groq|deepseek-r1-distill-qwen-32b|||||||no-vision jsonSchema tools|
groq|gemma2-9b-it|||||||no-vision jsonSchema tools|
groq|llama-3.1-8b-instant|||||||no-vision jsonSchema tools|
groq|llama-3.3-70b-versatile|||||||no-vision jsonSchema tools|
groq|llama-guard-3-8b|||||||no-vision jsonSchema tools|
groq|llama3-70b-8192|||||||no-vision jsonSchema tools|
groq|llama3-8b-8192|||||||no-vision jsonSchema tools|
groq|meta-llama/llama-4-maverick-17b-128e-instruct|||||||vision jsonSchema tools|
groq|meta-llama/llama-4-scout-17b-16e-instruct|||||||vision jsonSchema tools|
groq|meta-llama/llama-guard-4-12b|||||||vision jsonSchema no-tools|
groq|meta-llama/llama-prompt-guard-2-22m|||||||no-vision jsonSchema no-tools|
groq|meta-llama/llama-prompt-guard-2-86m|||||||no-vision jsonSchema no-tools|
groq|mixtral-8x7b-32768|||||||no-vision jsonSchema tools|
groq|moonshotai/kimi-k2-instruct-0905|||||||no-vision jsonSchema tools|
groq|openai/gpt-oss-120b|||||||no-vision jsonSchema tools|
groq|openai/gpt-oss-20b|||||||no-vision jsonSchema tools|
groq|qwen-2.5-32b|||||||no-vision jsonSchema tools|
groq|qwen-qwq-32b|||||||no-vision jsonSchema tools|
groq|qwen/qwen3.6-27b|||||||no-vision jsonSchema tools|
xai|grok-3|||||||no-vision jsonSchema tools|
xai|grok-3-mini|||||||no-vision jsonSchema tools|
xai|grok-4-1|||||||no-vision jsonSchema tools|
xai|grok-4-1-fast-non-reasoning|||||||vision jsonSchema tools|
xai|grok-4-1-fast-reasoning|||||||vision jsonSchema tools|
xai|grok-4-fast-non-reasoning|||||||vision jsonSchema tools|
xai|grok-4-fast-reasoning|||||||vision jsonSchema tools|
xai|grok-4.20-non-reasoning|||||||vision jsonSchema tools|
xai|grok-4.20-reasoning|||||||vision jsonSchema tools|
xai|grok-4.5|||||||vision jsonSchema tools|
xai|grok-4.6|||||||vision jsonSchema tools|
xai|grok-code-fast-1|||||||no-vision jsonSchema tools|
deepseek|deepseek-flash|||||||no-vision jsonSchema tools|
deepseek|deepseek-v4-flash|||||||no-vision jsonSchema tools|
deepseek|deepseek-v4-flash-vision-exp|||||||vision jsonSchema tools|
deepseek|deepseek-v4-pro|||||||no-vision jsonSchema tools|
together|MiniMaxAI/MiniMax-M2.5|||||||no-vision jsonSchema tools|
together|Qwen/Qwen3.5-397B-A17B|||||||vision jsonSchema tools|
together|deepseek-ai/DeepSeek-V3.1|||||||no-vision jsonSchema tools|
together|meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8|||||||vision jsonSchema tools|
together|moonshotai/Kimi-K2.5|||||||vision jsonSchema tools|
together|openai/gpt-oss-120b|||||||no-vision jsonSchema tools|
together|openai/gpt-oss-20b|||||||no-vision jsonSchema tools|
together|zai-org/GLM-5|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/deepseek-r1|||||||no-vision jsonSchema no-tools|
fireworks|accounts/fireworks/models/deepseek-v3|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/firefunction-v1|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/kimi-k2-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/kimi-k2-thinking|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/kimi-k2p6|||||||vision jsonSchema tools|
fireworks|accounts/fireworks/models/llama-v3p1-405b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/llama-v3p1-8b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/llama-v3p2-11b-vision-instruct|||||||vision jsonSchema tools|
fireworks|accounts/fireworks/models/llama-v3p2-3b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/llama-v3p3-70b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/minimax-m2|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/mixtral-8x22b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/mixtral-8x7b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/mixtral-8x7b-instruct-hf|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/qwen-qwq-32b-preview|||||||no-vision jsonSchema no-tools|
fireworks|accounts/fireworks/models/qwen2-vl-72b-instruct|||||||vision jsonSchema no-tools|
fireworks|accounts/fireworks/models/qwen2p5-72b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/qwen2p5-coder-32b-instruct|||||||no-vision jsonSchema tools|
fireworks|accounts/fireworks/models/qwq-32b|||||||no-vision jsonSchema no-tools|
fireworks|accounts/fireworks/models/yi-large|||||||no-vision jsonSchema tools|
perplexity|sonar|||||||vision jsonSchema no-tools|
perplexity|sonar-deep-research|||||||no-vision jsonSchema no-tools|
perplexity|sonar-pro|||||||vision jsonSchema no-tools|
perplexity|sonar-reasoning|||||||vision jsonSchema no-tools|
perplexity|sonar-reasoning-pro|||||||vision jsonSchema no-tools|
cerebras|gemma-4-31b|||||||vision jsonSchema tools|
cerebras|gpt-oss-120b|||||||no-vision jsonSchema tools|
cohere|command|||||||no-vision no-jsonSchema no-tools|
cohere|command-a-03-2025|||||||no-vision jsonSchema tools|
cohere|command-a-reasoning-08-2025|||||||no-vision jsonSchema tools|
cohere|command-a-vision-07-2025|||||||vision jsonSchema tools|
cohere|command-light|||||||no-vision no-jsonSchema no-tools|
cohere|command-light-nightly|||||||no-vision no-jsonSchema no-tools|
cohere|command-nightly|||||||no-vision no-jsonSchema no-tools|
cohere|command-r|||||||no-vision jsonSchema tools|
cohere|command-r-03-2024|||||||no-vision jsonSchema tools|
cohere|command-r-08-2024|||||||no-vision jsonSchema tools|
cohere|command-r-plus|||||||no-vision jsonSchema tools|
cohere|command-r-plus-04-2024|||||||no-vision jsonSchema tools|
cohere|command-r7b-12-2024|||||||no-vision jsonSchema tools|
`;
