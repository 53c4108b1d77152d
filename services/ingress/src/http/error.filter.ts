import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { refusal, type Refusal } from '@penstock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiOfRequest } from './api-of-request.js';
import { refusalOf, replyWithError } from './error-reply.js';
import type { RouteTable } from './route-table.js';

/** The one place where an exception becomes an HTTP answer. Only what the catalogue lists is shown. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly routes: Pick<RouteTable, 'methodsAt'>,
    private readonly onError: (error: unknown) => void,
    /** Told of what was to become something and was refused; not of questions that have no answer. */
    private readonly onRefused: (why: Refusal) => void,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    const why = this.toRefusal(error, request);
    if (request.method === 'POST') this.onRefused(why);
    if (why.code === 'method_not_allowed') void reply.header('allow', this.methodsFor(request).join(', '));
    replyWithError(reply, apiOfRequest(request), why, request.id);
  }

  private methodsFor(request: FastifyRequest): readonly string[] {
    return this.routes.methodsAt(request.url.split('?')[0] ?? '');
  }

  private toRefusal(error: unknown, request: FastifyRequest): Refusal {
    const known = refusalOf(error);
    if (known) return known;
    if (error instanceof HttpException && error.getStatus() === 404) {
      if (this.methodsFor(request).length > 0) return refusal('method_not_allowed');
      return refusal('route_not_found', {
        message: `There is no ${request.method} ${request.url.split('?')[0]}. docs/api.md lists the endpoints.`,
      });
    }
    this.onError(error);
    return refusal('internal_error');
  }
}
