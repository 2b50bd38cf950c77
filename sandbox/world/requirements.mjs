// Old syntax and no imports on purpose: this file must run on the Node versions it turns away.

/** One sentence that says why the sandbox cannot run here, or undefined when it can. */
export function complaintAbout(machine) {
  const parts = machine.node.split(".").map(Number);
  const isOld = parts[0] < 20 || (parts[0] === 20 && parts[1] < 9);
  if (isOld) {
    return `Maedal needs Node.js 20.9 or newer, and this is Node.js ${machine.node}; get a newer one at https://nodejs.org.`;
  }
  if (machine.platform === "win32") {
    return "The sandbox runs on Linux and macOS; on Windows, run it inside WSL (https://learn.microsoft.com/windows/wsl).";
  }
  const isKnown =
    (machine.platform === "linux" || machine.platform === "darwin") &&
    (machine.arch === "x64" || machine.arch === "arm64");
  if (!isKnown) {
    return `The sandbox runs on Linux and macOS with an x64 or arm64 processor, and this is ${machine.platform} on ${machine.arch}.`;
  }
  return undefined;
}
