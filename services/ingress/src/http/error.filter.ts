import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { refusal, type Refusal } from '@penstock/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiOfRequest } from './api-of-request.js';
import { refusalOf, replyWithError } from './error-reply.js';

/** The one place where an exception becomes an HTTP answer. Only what the catalogue lists is shown. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly onError: (error: unknown) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    replyWithError(reply, apiOfRequest(request), this.toRefusal(error, request), request.id);
  }

  private toRefusal(error: unknown, request: FastifyRequest): Refusal {
    const known = refusalOf(error);
    if (known) return known;
    if (error instanceof HttpException && error.getStatus() === 404) {
      return refusal('route_not_found', {
        message: `There is no ${request.method} ${request.url.split('?')[0]}. docs/api.md lists the endpoints.`,
      });
    }
    this.onError(error);
    return refusal('internal_error');
  }
}
