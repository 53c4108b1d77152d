export interface BatchFigures {
  readonly lines: number;
  /** Of the file, before the batch. */
  readonly uploadSeconds: number;
  readonly seconds: number;
  readonly failed: number;
}

/**
 * One batch file from `POST /v1/batches` to `completed`, as a caller sees it who waits for its end. The upload of the
 * file is done before, and measured by itself.
 */
export async function runBatch(
  baseUrl: string,
  key: string,
  model: string,
  lines: number,
): Promise<BatchFigures> {
  const headers = { authorization: `Bearer ${key}` };
  const file = Array.from({ length: lines }, (_, i) =>
    JSON.stringify({
      custom_id: `line-${i}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: {
        model,
        max_tokens: 16,
        messages: [{ role: 'user', content: `Number ${i}. ${'word '.repeat(190)}` }],
      },
    }),
  ).join('\n');
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([file]), 'bench.jsonl');
  const beganAtMs = performance.now();
  const uploaded = (await call(`${baseUrl}/v1/files`, { method: 'POST', headers, body: form })) as {
    id: string;
  };

  const startedAtMs = performance.now();
  const uploadSeconds = (startedAtMs - beganAtMs) / 1_000;
  const { id } = (await call(`${baseUrl}/v1/batches`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      input_file_id: uploaded.id,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    }),
  })) as { id: string };
  const batch = (await call(`${baseUrl}/v1/batches/${id}?wait=10m`, { headers })) as {
    status: string;
    request_counts: { failed: number };
  };
  const seconds = (performance.now() - startedAtMs) / 1_000;
  if (batch.status !== 'completed') throw new Error(`the batch is ${batch.status}`);
  return { lines, uploadSeconds, seconds, failed: batch.request_counts.failed };
}

async function call(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}
