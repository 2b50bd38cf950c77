import { MIN_PASSWORD_LENGTH } from "@/lib/passwords";

/** Why a field was refused and what to do about it; the keys are the messages of the schemas in `app`. */
const ko = {
  invalid: "다시 확인해 주세요.",
  email: "이메일 주소를 name@example.com처럼 입력해 주세요.",
  name: "이름을 입력해 주세요. 50자까지 쓸 수 있어요.",
  password: "비밀번호를 입력해 주세요.",
  newPassword: `비밀번호를 ${MIN_PASSWORD_LENGTH}자 이상으로 정해 주세요.`,
  consent: "계속하려면 동의해 주세요.",
};

const en: typeof ko = {
  invalid: "Please check this once more.",
  email: "Enter an e-mail address like name@example.com.",
  name: "Enter your name, up to 50 characters.",
  password: "Enter your password.",
  newPassword: `Choose a password of at least ${MIN_PASSWORD_LENGTH} characters.`,
  consent: "Please agree to continue.",
};

export const formText = { ko, en };
