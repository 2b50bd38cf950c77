/** Stands in for `lib/runtime/mail` in a worker: nothing is mailed, and the points lie where a mail server would be spoken to. */
import { reach } from "./fate";

export async function sendMail(): Promise<void> {
  reach("mail.before");
  await Promise.resolve();
  reach("mail.after");
}
