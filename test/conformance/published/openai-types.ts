import type OpenAI from 'openai';

/** What the wire may carry in OpenAI's dialects, in the words of OpenAI's own package. */
export interface Published {
  chat: OpenAI.ChatCompletion;
  chatChunk: OpenAI.ChatCompletionChunk;
  completion: OpenAI.Completion;
  embeddings: OpenAI.CreateEmbeddingResponse;
  response: OpenAI.Responses.Response;
  responseEvent: OpenAI.Responses.ResponseStreamEvent;
  model: OpenAI.Model;
  file: OpenAI.FileObject;
  fileDeleted: OpenAI.FileDeleted;
  batch: OpenAI.Batch;
  error: OpenAI.ErrorObject;
}
