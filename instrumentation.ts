/** Runs once when the server starts: a bad environment ends it here, each bad variable named. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { checkStart } = await import("./lib/start");
  await checkStart();
}
