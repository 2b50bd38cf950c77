/**
 * Runs once when the server starts: a bad environment ends it here, each bad variable named. From then on requests tell
 * where they come from.
 */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next puts this in at build time, so that no other runtime bundles the database.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { checkStart } = await import("@/lib/runtime/start");
  await checkStart();
  const { writeSocketAddresses } = await import("@/lib/http/socket-address");
  writeSocketAddresses();
}
