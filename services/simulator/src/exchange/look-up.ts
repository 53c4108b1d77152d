import type { IncomingMessage, ServerResponse } from 'node:http';

import { invalidApiKey, modelNotFound, type ProviderError } from '../dialects/provider-error.js';
import { parseBody } from './parse-body.js';
import type { LookUpRoute } from './provider-routes.js';
import { readKey } from './read-key.js';
import { sendError } from './send-error.js';
import { sendJson } from './send-json.js';
import type { Simulation } from './simulation.js';

export interface LookUp {
  readonly route: LookUpRoute;
  readonly path: string;
  readonly query: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer | undefined;
}

/** Answers what needs no model: which models there are, how many tokens an input has. */
export function lookUp({ keys, models }: Simulation, asked: LookUp): void {
  const { route, path, query, request, response } = asked;
  const refuse = (error: ProviderError) => sendError(response, route.dialect, error);
  const key = readKey(request.headers, query);
  if (!keys.admits(key)) return refuse(invalidApiKey(key !== undefined));
  switch (route.kind) {
    case 'count': {
      const body = parseBody(asked.body);
      const read = body.ok ? route.counter.read(body.value) : body;
      return read.ok ? sendJson(response, 200, route.counter.render(read.value)) : refuse(read.error);
    }
    case 'models': {
      if (route.id === undefined) {
        return sendJson(response, 200, route.catalogue.list(models.all().map(({ settings }) => settings)));
      }
      const model = models.find(route.id);
      return model
        ? sendJson(response, 200, route.catalogue.one(model.settings))
        : refuse(modelNotFound(route.id));
    }
    case 'unknown': {
      const message = `Unknown request URL: ${request.method ?? 'GET'} ${path}.`;
      return refuse({ code: 'unknown_url', status: 404, message });
    }
  }
}
