/** Uploads a file of so many small chats and makes a batch of it. */
export async function submitBatch(httpUrl: string, key: string, model: string, lines: number): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  const file = Array.from({ length: lines }, (_, i) =>
    JSON.stringify({
      custom_id: `line-${i}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model, max_tokens: 16, messages: [{ role: 'user', content: `Number ${i}.` }] },
    }),
  ).join('\n');
  const form = new FormData();
  form.set('purpose', 'batch');
  form.set('file', new Blob([file]), 'backlog.jsonl');
  const { id } = await call<{ id: string }>(`${httpUrl}/v1/files`, { method: 'POST', headers, body: form });
  await call(`${httpUrl}/v1/batches`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' }),
  });
}

async function call<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
