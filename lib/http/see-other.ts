/** Sends the browser on to a page of this site by GET. `path` is ours, never taken from a request as it is. */
export function seeOther(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path } });
}
