/**
 * Every attribute that a span of Penstock may carry, with its meaning. The list is closed, and the type of a
 * span's attributes is made from it: a prompt, a completion or a key has no name here to travel under.
 *
 * Names without `penstock.` are those of the OpenTelemetry semantic conventions (HTTP, messaging, GenAI).
 */
export const ATTRIBUTES = {
  'error.type': 'Why it failed: a code of the error catalogue or a failure reason; absent when it did not.',

  'http.request.method': 'Method of the HTTP request.',
  'http.route': 'The route that matched, with its parameters as `{name}`.',
  'http.response.status_code': 'Status of the HTTP answer.',
  'server.address': "The provider's host.",
  'server.port': "The provider's port.",
  'url.full': "The provider's URL, without user, password and query.",

  'messaging.system': 'Always `nats`.',
  'messaging.operation.name': 'What was done: `send`, `process` or `settle`.',
  'messaging.operation.type': 'As `messaging.operation.name`, from the closed list of the conventions.',
  'messaging.destination.name': 'The subject.',
  'messaging.destination.template': 'The subject with its variable tokens as `{name}`.',
  'messaging.message.id': 'The message id: for a job its own id, for an event that of the attempt.',
  'messaging.message.conversation_id': 'The id of the job that the message is about.',
  'messaging.message.body.size': 'Bytes of the body as published.',

  'gen_ai.operation.name': '`chat`, `text_completion`, `embeddings` or `generate_content`.',
  'gen_ai.provider.name': 'The provider, by its name in the configuration.',
  'gen_ai.request.model': "The model's name at the provider.",
  'gen_ai.request.stream': 'Whether the answer was asked for as a stream.',
  'gen_ai.response.time_to_first_chunk': 'Seconds from the call to the first byte of the answer.',
  'gen_ai.usage.input_tokens': 'Input tokens, as the provider counted them.',
  'gen_ai.usage.output_tokens': 'Output tokens, as the provider counted them.',
  'gen_ai.usage.cache_read.input_tokens': "Part of the input read from the provider's prompt cache.",
  'gen_ai.usage.cache_creation.input_tokens': "Part of the input written to the provider's prompt cache.",
  'gen_ai.usage.reasoning.output_tokens': 'Part of the output that the caller does not see as text.',

  'penstock.tenant': 'The tenant.',
  'penstock.class': 'The priority class.',
  'penstock.origin': 'The entrance: `http`, `subject` or `batch`.',
  'penstock.model': 'The public name of the model that the client asked for.',
  'penstock.deployment': 'The deployment that the attempt ran on.',
  'penstock.skipped':
    'On an event `penstock.deployment.skipped`: why the job was not sent there, a constraint or how the deployment was.',
  'penstock.attempt.id': 'The id of the attempt, the key of its ledger row.',
  'penstock.attempt.number': 'Which attempt of the job it is, counted from 1.',
  'penstock.attempt.hedges':
    'The id of the attempt that it was sent beside, because that one was slow; absent otherwise.',
  'penstock.queue.time': 'Seconds from acceptance to the moment a router took the job off its lane.',
  'penstock.deliveries': 'How often the server has delivered the job; more than 1 after a lease ran out.',
  'penstock.outcome': 'The outcome of the job, or `retry` when it goes on.',
  'penstock.cost.micro_usd': 'What the attempt cost, in millionths of a US dollar.',
} as const;

export type AttributeName = keyof typeof ATTRIBUTES;

export type SpanAttributes = { readonly [name in AttributeName]?: string | number | boolean | undefined };
