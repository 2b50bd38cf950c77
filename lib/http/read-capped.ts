/** The text of a request's body; null as soon as it is longer than `maxBytes`, without reading the rest. */
export async function readCapped(request: Request, maxBytes: number): Promise<string | null> {
  return (await readCappedBytes(request, maxBytes))?.toString("utf8") ?? null;
}

/** The same, byte by byte as it came: for what is signed. */
export async function readCappedBytes(request: Request, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
