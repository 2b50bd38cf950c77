import { beforeEach, expect, test } from "vitest";
import type { Mail } from "@/lib/runtime/mail";
import { type Story, startStory } from "@/lib/testing/story";
import { sendMessages } from "./send";

let story: Story;
beforeEach(async () => {
  story = await startStory("2027-01-10");
  return story.close;
});

test("a receipt is mailed once; a mail server that is down delays it and loses nothing", async () => {
  const person = await story.person();
  await story.subscribe(person, "basic-month-v1");
  const sent: Mail[] = [];
  const down = () => Promise.reject(new Error("connection refused"));
  await sendMessages(story.deps, 10, down);
  await sendMessages(story.deps, 10, async (mail) => void sent.push(mail));
  expect(sent).toHaveLength(0);
  story.minutesLater(6);
  await sendMessages(story.deps, 10, async (mail) => void sent.push(mail));
  await sendMessages(story.deps, 10, async (mail) => void sent.push(mail));
  expect(sent).toMatchObject([
    { to: `${person.userId}@example.com`, subject: "9,900원을 결제했어요" },
  ]);
  expect(sent[0]?.text).toContain("다음 결제일은 2027년 2월 10일 (수)\u2060이에요.");
});
