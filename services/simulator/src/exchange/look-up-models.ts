import type { IncomingMessage, ServerResponse } from 'node:http';

import { renderModel, renderModelList } from '../dialects/openai-models/render-models.js';
import { renderOpenAiError } from '../dialects/openai-error.js';
import { invalidApiKey, modelNotFound, type ProviderError } from '../dialects/provider-error.js';
import { readKey } from './read-key.js';
import { sendJson } from './send-json.js';
import type { Simulation } from './simulation.js';

/** `GET /v1/models`, and `GET /v1/models/{id}` where an id is given. Costs nothing, so the ledger does not know it. */
export function lookUpModels(
  simulation: Simulation,
  id: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const refuse = (error: ProviderError) => sendJson(response, error.status, renderOpenAiError(error));
  const key = readKey(request.headers, '');
  if (!simulation.keys.admits(key)) return refuse(invalidApiKey(key !== undefined));
  const { models } = simulation;
  if (id === undefined)
    return sendJson(response, 200, renderModelList(models.all().map(({ settings }) => settings)));
  const model = models.find(id);
  if (!model) return refuse(modelNotFound(id));
  sendJson(response, 200, renderModel(model.settings));
}
