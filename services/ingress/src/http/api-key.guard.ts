import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RefusedError } from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';
import { KeyRing } from '../admission/key-ring.js';
import { readSecret } from '../admission/read-secret.js';
import type { Principal } from '../admission/principal.js';

const PRINCIPAL = Symbol('principal');

type Identified = FastifyRequest & { [PRINCIPAL]?: Principal };

/** Lets a request in only with a key that is known, and notes whose it is. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(private readonly keys: KeyRing) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Identified>();
    const identified = this.keys.identify(readSecret(request));
    if (!identified.ok) throw new RefusedError(identified.refusal);
    request[PRINCIPAL] = identified.value;
    return true;
  }
}

/** Whose request it is. Only behind the guard. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = (request as Identified)[PRINCIPAL];
  if (!principal) throw new Error('This route is not behind the API key guard.');
  return principal;
}
