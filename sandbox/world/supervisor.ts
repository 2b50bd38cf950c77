import { Failure } from "./failure";
import { type Child, type ChildOptions, describeDeath, startChild } from "./processes";

/** Keeps the children of one world: all of them run, or all of them stop. */
export type Supervisor = {
  /** Starts a child whose end, before `stop`, is the end of the world. */
  readonly start: (options: ChildOptions) => Promise<Child>;
  /** Starts a child that may end by itself: a build, or a server that may not be to be had. */
  readonly tryOut: (options: ChildOptions) => Promise<Child>;
  /** From now on the end of this child is the end of the world. */
  readonly keep: (child: Child) => Child;
  /** Rejects when a child ends unasked; never resolves. */
  readonly broken: Promise<never>;
  /** Stops every child, the database last since the others write to it to the end. */
  readonly stop: () => Promise<void>;
};

export function createSupervisor(): Supervisor {
  const children = new Set<Child>();
  const births = new Set<Promise<Child>>();
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
      children.delete(child);
      if (!isStopping) reportBreak(new Failure(await describeDeath(child)));
    });
    return child;
  };
  const tryOut = async (options: ChildOptions) => {
    if (isStopping) throw new Failure(`${options.name} was not started: everything is stopping.`);
    const birth = startChild(options);
    births.add(birth);
    try {
      const child = await birth;
      children.add(child);
      return child;
    } finally {
      births.delete(birth);
    }
  };
  const start = async (options: ChildOptions) => keep(await tryOut(options));
  const stop = async () => {
    isStopping = true;
    await Promise.allSettled(births);
    const [databases, others] = split([...children]);
    await Promise.all(others.map((child) => child.stop()));
    await Promise.all(databases.map((child) => child.stop()));
  };
  return { start, tryOut, keep, broken, stop };
}

function split(children: readonly Child[]): [Child[], Child[]] {
  return [
    children.filter((child) => child.name === "PostgreSQL"),
    children.filter((child) => child.name !== "PostgreSQL"),
  ];
}
