import { freePort, isPortFree } from '../processes/free-port.js';

/** A port that the user chose, or any when that is 0. Rejects, naming port and variable, when it is taken. */
export async function chosenPort(
  port: number,
  host: string,
  what: string,
  variable: string,
): Promise<number> {
  if (port === 0) return freePort();
  if (await isPortFree(port, host)) return port;
  throw new Error(
    `port ${port} for ${what} is in use. Stop what uses it, or set ${variable} to another port.`,
  );
}

/** The usual port of a server that nobody has to find by its port, or any when that is taken. */
export async function usualPort(port: number): Promise<number> {
  return (await isPortFree(port)) ? port : freePort();
}
