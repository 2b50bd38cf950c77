import { Failure } from "./failure";
import { type Child, type ChildOptions, describeDeath, startChild } from "./processes";

/** Keeps the children of one world: all of them run, or all of them stop. */
export type Supervisor = {
  /** Starts a child whose end, before `stop`, is the end of the world. */
  readonly start: (options: ChildOptions) => Promise<Child>;
  /** Takes on a child started elsewhere. */
  readonly keep: (child: Child) => Child;
  /** Lets a child end by itself. */
  readonly release: (child: Child) => void;
  /** Rejects when a child ends unasked; never resolves. */
  readonly broken: Promise<never>;
  /** Stops every child, the database last since the others write to it to the end. */
  readonly stop: () => Promise<void>;
};

export function createSupervisor(): Supervisor {
  const children = new Set<Child>();
  let isStopping = false;
  let reportBreak: (reason: Failure) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    reportBreak = reject;
  });
  // Nobody need be listening: a start that fails says so itself.
  broken.catch(() => {});

  const keep = (child: Child) => {
    children.add(child);
    void child.exited.then(async () => {
      if (isStopping || !children.has(child)) return;
      reportBreak(new Failure(await describeDeath(child)));
    });
    return child;
  };
  const start = async (options: ChildOptions) => {
    if (isStopping) throw new Failure(`${options.name} was not started: everything is stopping.`);
    const child = await startChild(options);
    if (isStopping) await child.stop();
    return keep(child);
  };
  const stop = async () => {
    isStopping = true;
    const [databases, others] = split([...children]);
    await Promise.all(others.map((child) => child.stop()));
    await Promise.all(databases.map((child) => child.stop()));
  };
  return { start, keep, release: (child) => children.delete(child), broken, stop };
}

function split(children: readonly Child[]): [Child[], Child[]] {
  return [
    children.filter((child) => child.name === "PostgreSQL"),
    children.filter((child) => child.name !== "PostgreSQL"),
  ];
}
