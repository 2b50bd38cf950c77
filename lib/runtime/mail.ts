/** Mail by SMTP; in the sandbox, without SMTP_URL, messages stay in the mailbox page instead. */
import { createTransport, type Transporter } from "nodemailer";
import { env } from "./env";

export type Mail = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

let transport: Transporter | undefined;

/** Sends one mail; the message id lets a receiver recognise one that was sent twice. Throws when it was not accepted. */
export async function sendMail(mail: Mail): Promise<void> {
  const url = env().SMTP_URL;
  if (!url) return;
  transport ??= createTransport(url);
  const host = new URL(env().APP_URL).hostname;
  const { to, subject, text } = mail;
  await transport.sendMail({
    from: env().MAIL_FROM,
    to,
    subject,
    text,
    messageId: `<${mail.id}@${host}>`,
  });
}
