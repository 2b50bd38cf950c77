/** A reason to stop that the person at the keyboard can act on; its message is one sentence and is printed without a stack. */
export class Failure extends Error {
  override readonly name = "Failure";
}
