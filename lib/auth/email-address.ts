import { z } from "zod";

/** An e-mail address as people type it, in lower case; the message is a key of the words for forms. */
export const emailAddress = z
  .string("email")
  .trim()
  .toLowerCase()
  .max(254, "email")
  .pipe(z.email("email"));
