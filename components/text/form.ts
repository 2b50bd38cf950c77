import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "@/lib/auth/password-rules";

/** Why a field was refused and what to do about it; the keys are the messages of the schemas in `app`. */
const ko = {
  invalid: "다시 확인해 주세요.",
  role: "무엇을 할 수 있는지 골라 주세요.",
  email: "이메일 주소를 name@example.com처럼 입력해 주세요.",
  name: "이름을 글자로 입력해 주세요. 50자까지 쓸 수 있어요.",
  password: "비밀번호를 입력해 주세요.",
  "too-short": `비밀번호를 ${MIN_PASSWORD_LENGTH}자 이상으로 정해 주세요.`,
  "too-long": `비밀번호는 ${MAX_PASSWORD_LENGTH}자까지 쓸 수 있어요.`,
  "own-address": `이메일 주소로 짐작할 수 있는 비밀번호예요. 주소와 겹치지 않는 글자가 ${MIN_PASSWORD_LENGTH}자 이상 필요해요.`,
  common:
    "많은 사람이 쓰는, 가장 먼저 뚫리는 비밀번호예요. 낱말 몇 개를 이어 문장처럼 정해 주세요.",
  consent: "계속하려면 동의해 주세요.",
};

const en: typeof ko = {
  invalid: "Please check this once more.",
  role: "Please choose what they may do.",
  email: "Enter an e-mail address like name@example.com.",
  name: "Enter your name in letters, up to 50 of them.",
  password: "Enter your password.",
  "too-short": `Choose a password of at least ${MIN_PASSWORD_LENGTH} characters.`,
  "too-long": `A password can have ${MAX_PASSWORD_LENGTH} characters at most.`,
  "own-address": `This can be guessed from your e-mail address. Use at least ${MIN_PASSWORD_LENGTH} characters beside it.`,
  common:
    "Many people use this one, so it is guessed first. A few words in a row are a good password.",
  consent: "Please agree to continue.",
};

export const formText = { ko, en };
