import type { Deps } from "@/lib/deps";
export const SABOTAGED_MODULES: readonly string[] = [];
export function sabotageDeps(deps: Deps): Deps { return deps; }
export function sabotaged<F>(_module: string, _name: string, real: F): F { return real; }
export async function receiveUnsafely(_deps: Deps, _body: string): Promise<void> {}
