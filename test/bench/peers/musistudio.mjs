// node musistudio.mjs <port> <JSON: provider to URL>: @musistudio/llms as a server before those upstreams.
import { createRequire } from 'node:module';

// Its ES module asks for `require`, which an ES module has not.
const { default: Server } = createRequire(import.meta.url)('@musistudio/llms');

const [port, urls] = process.argv.slice(2);
const providers = Object.entries(JSON.parse(urls)).map(([name, url]) => ({
  name,
  api_base_url: url,
  api_key: 'bench',
  models: ['bench'],
}));
const server = new Server({
  logger: false,
  useJsonFile: false,
  initialConfig: { PORT: port, HOST: '127.0.0.1', LOG: false, providers },
});
await server.start();
