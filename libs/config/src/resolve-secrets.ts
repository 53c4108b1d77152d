import type { Path, Problem } from './problem.js';
import type { Config } from './schema/config-schema.js';
import { REFERENCES } from './schema/reference.js';

/** Where references lead. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives a file's text, or throws. */
  readonly readFile: (path: string) => string;
}

/** A header or an option that carries a credential must not stand in the file either. */
const CREDENTIAL_NAME = /authorization|key|token|secret|cookie/i;

/** Whether a header or an option of this name holds a credential: kept out of the file, and out of logs. */
export function isCredentialName(name: string): boolean {
  return CREDENTIAL_NAME.test(name);
}

/** Puts what is referred to in place of the references. Problems name the reference, never a value. */
export function resolveSecrets(
  config: Config,
  sources: SecretSources,
): { readonly config: Config; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const resolve = (text: string, path: Path) =>
    text.replace(REFERENCES, (reference: string, kind: string, target: string) => {
      const found = kind === 'env' ? sources.env[target] : readOrUndefined(sources, target);
      if (found !== undefined && found !== '') return found;
      const why =
        kind === 'env'
          ? `the variable ${target} is not set`
          : `the file ${target} cannot be read or is empty`;
      problems.push({ path, message: `refers to ${reference}, but ${why}` });
      return '';
    });

  const providers = Object.fromEntries(
    Object.entries(config.providers).map(([name, provider]) => {
      const at = ['providers', name];
      const failed = problems.length;
      const baseUrl = resolve(provider.baseUrl, [...at, 'baseUrl']);
      if (problems.length === failed && !isHttpUrl(baseUrl)) {
        problems.push({
          path: [...at, 'baseUrl'],
          message: 'must be a URL with http or https and no credentials',
        });
      }
      const { apiKey, headers, options } = provider;
      const resolved = {
        ...provider,
        baseUrl,
        ...(apiKey === undefined ? {} : { apiKey: resolve(apiKey, [...at, 'apiKey']) }),
        ...(provider.credentials && {
          credentials: resolveCredentials(provider.credentials, [...at, 'credentials']),
        }),
        ...(headers === undefined ? {} : { headers: resolveEach(headers, [...at, 'headers']) }),
        ...(options === undefined ? {} : { options: resolveEach(options, [...at, 'options']) }),
      };
      return [name, resolved];
    }),
  );

  const deployments = config.deployments.map((deployment, at) => {
    const { credentials } = deployment;
    return credentials
      ? { ...deployment, credentials: resolveCredentials(credentials, ['deployments', at, 'credentials']) }
      : deployment;
  });

  function resolveCredentials<C extends { readonly apiKey: string }>(
    credentials: readonly C[],
    path: Path,
  ): C[] {
    return credentials.map((credential, at) => ({
      ...credential,
      apiKey: resolve(credential.apiKey, [...path, at, 'apiKey']),
    }));
  }

  function resolveEach(named: Readonly<Record<string, string>>, path: Path): Record<string, string> {
    return Object.fromEntries(
      Object.entries(named).map(([name, value]) => {
        if (isCredentialName(name) && !value.includes('${')) {
          const message =
            'looks like a secret, which is never written here: write ${env:NAME} or ${file:PATH}';
          problems.push({ path: [...path, name], message });
        }
        return [name, resolve(value, [...path, name])];
      }),
    );
  }

  const owners = new Map<string, string>();
  const tenants = config.tenants.map((tenant, tenantAt) => ({
    ...tenant,
    keys: tenant.keys.map((key, keyAt) => {
      const path = ['tenants', tenantAt, 'keys', keyAt, 'secret'];
      const secret = resolve(key.secret, path);
      const owner = owners.get(secret);
      if (owner !== undefined && secret !== '') {
        problems.push({
          path,
          message: `is the same secret as that of ${owner}: whose request would it be?`,
        });
      }
      owners.set(secret, `${tenant.id}/${key.name}`);
      return { ...key, secret };
    }),
  }));
  return { config: { ...config, providers, deployments, tenants }, problems };
}

function readOrUndefined(sources: SecretSources, file: string): string | undefined {
  try {
    return sources.readFile(file).trim();
  } catch {
    return undefined;
  }
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
