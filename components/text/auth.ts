import { MIN_PASSWORD_LENGTH } from "@/lib/auth/password-rules";
import { PASSWORD_RESET_MINUTES } from "@/lib/billing/policy";

const ko = {
  email: "이메일",
  password: "비밀번호",
  newPassword: "새 비밀번호",
  passwordHint: `${MIN_PASSWORD_LENGTH}자 이상이면 돼요. 문장처럼 길수록 안전해요.`,
  name: "이름",
  nameHint: "영수증과 안내에 쓰여요.",
  signIn: {
    title: "로그인",
    lead: "구독과 결제 내역을 보려면 로그인해 주세요.",
    submit: "로그인",
    pending: "확인하는 중이에요",
    forgot: "비밀번호를 잊었어요",
    noAccount: "처음이신가요?",
    signUp: "회원가입",
    wrong: "이메일이나 비밀번호가 맞지 않아요. 다시 확인하거나 비밀번호를 새로 정해 주세요.",
    passwordChanged: "비밀번호를 바꿨어요. 새 비밀번호로 로그인해 주세요.",
  },
  signUp: {
    title: "회원가입",
    lead: "이메일과 비밀번호면 돼요. 카드는 요금제를 고른 뒤에 등록해요.",
    submit: "가입하고 시작하기",
    pending: "가입하는 중이에요",
    hasAccount: "이미 가입했나요?",
    signIn: "로그인",
    consents: "약관 동의",
    required: "(필수)",
    age: "만 14세 이상이에요",
    terms: "이용약관에 동의해요",
    privacy: "개인정보 수집·이용에 동의해요",
    read: "내용 보기",
    notPossible:
      "이 이메일로는 가입을 마치지 못했어요. 가입한 적이 있다면 로그인하거나 비밀번호를 새로 정해 주세요. 이 주소로 안내 메일을 보냈어요.",
  },
  order: {
    title: "고른 상품",
    once: "한 번 결제",
    trial: (days: number) => `처음이라면 ${days}일은 무료예요.`,
    body: "이어서 주문서를 보여 드려요. 아직 결제되지 않아요.",
    signIn: "주문을 이어서 하려면 로그인해 주세요. 처음이라면 회원가입이 먼저예요.",
    signUp: "주문을 이어서 하려면 가입해 주세요. 카드는 주문서를 확인한 뒤에 등록해요.",
  },
  forgot: {
    title: "비밀번호 새로 정하기",
    lead: "가입한 이메일로 비밀번호를 다시 정하는 링크를 보내 드려요.",
    submit: "링크 받기",
    pending: "보내는 중이에요",
    sent: `가입한 이메일이라면 링크를 보냈어요. ${PASSWORD_RESET_MINUTES}분 안에 열어 주세요. 메일이 안 보이면 스팸함도 확인해 주세요.`,
    back: "로그인으로 돌아가기",
  },
  reset: {
    title: "새 비밀번호 정하기",
    lead: "바꾸면 다른 기기에서는 모두 로그아웃돼요.",
    submit: "비밀번호 바꾸기",
    pending: "바꾸는 중이에요",
    expired: "링크가 만료됐거나 이미 쓰였어요. 링크를 다시 받아 주세요.",
    again: "링크 다시 받기",
    expiredTitle: "이 링크로는 비밀번호를 바꿀 수 없어요",
  },
  tooMany: (minutes: number) => `시도가 너무 많았어요. ${minutes}분 뒤에 다시 해 주세요.`,
  tooManyOrReset: (minutes: number) =>
    `시도가 너무 많았어요. ${minutes}분 뒤에 다시 하거나, 비밀번호를 새로 정하면 바로 로그인할 수 있어요.`,
  or: "또는",
  social: { kakao: "카카오로 계속하기", naver: "네이버로 계속하기", google: "Google로 계속하기" },
  socialTerms: "계속하면 이용약관과 개인정보 수집·이용에 동의하는 거예요.",
  socialErrors: {
    "no-email":
      "이메일 제공에 동의해야 가입할 수 있어요. 다시 시도해 동의하거나 이메일로 가입해 주세요.",
    "email-unverified": "그 계정의 이메일이 아직 확인되지 않았어요. 확인한 뒤 다시 시도해 주세요.",
    "email-taken": "같은 이메일로 가입한 계정이 있어요. 이메일과 비밀번호로 로그인해 주세요.",
    other: "로그인을 마치지 못했어요. 다시 시도하거나 다른 방법으로 로그인해 주세요.",
  },
  signedIn: { title: "로그인했어요", body: "곧 이어서 보여 드릴게요.", goOn: "계속하기" },
  demo: {
    title: "샌드박스에서 바로 들어가기",
    body: "연습용 계정이에요. 비밀번호는 maedal1234!",
    customer: "고객으로 로그인",
    operator: "운영자로 로그인",
  },
};

const en: typeof ko = {
  email: "E-mail",
  password: "Password",
  newPassword: "New password",
  passwordHint: `At least ${MIN_PASSWORD_LENGTH} characters. The longer, the safer.`,
  name: "Name",
  nameHint: "Used on receipts and in messages.",
  signIn: {
    title: "Sign in",
    lead: "Sign in to see your subscription and payments.",
    submit: "Sign in",
    pending: "Checking",
    forgot: "I forgot my password",
    noAccount: "New here?",
    signUp: "Sign up",
    wrong: "E-mail or password do not match. Check them once more, or choose a new password.",
    passwordChanged: "Your password has been changed. Sign in with the new one.",
  },
  signUp: {
    title: "Sign up",
    lead: "An e-mail address and a password are enough. Your card comes after you choose a plan.",
    submit: "Sign up and start",
    pending: "Signing you up",
    hasAccount: "Already signed up?",
    signIn: "Sign in",
    consents: "Consents",
    required: "(required)",
    age: "I am at least 14 years old",
    terms: "I agree to the terms of service",
    privacy: "I agree to the collection and use of my personal data",
    read: "Read",
    notPossible:
      "Signing up with this address did not work. If you signed up before, sign in or choose a new password. We have sent a mail to this address.",
  },
  order: {
    title: "What you chose",
    once: "Paid once",
    trial: (days) => `Free for ${days} days if it is your first time.`,
    body: "Your order comes next. Nothing is charged yet.",
    signIn: "Sign in to go on with your order. If you are new here, sign up first.",
    signUp: "Sign up to go on with your order. Your card comes after you have seen it.",
  },
  forgot: {
    title: "Choose a new password",
    lead: "We send a link to the address you signed up with.",
    submit: "Send the link",
    pending: "Sending",
    sent: `If this address is signed up, the link is on its way. Open it within ${PASSWORD_RESET_MINUTES} minutes, and look into your spam folder too.`,
    back: "Back to signing in",
  },
  reset: {
    title: "Choose a new password",
    lead: "All your other devices will be signed out.",
    submit: "Change the password",
    pending: "Changing",
    expired: "This link is too old or was used already. Please ask for another.",
    again: "Get another link",
    expiredTitle: "This link cannot change a password",
  },
  tooMany: (minutes) => `Too many tries. Please try again in ${minutesInWords(minutes)}.`,
  tooManyOrReset: (minutes) =>
    `Too many tries. Try again in ${minutesInWords(minutes)}, or choose a new password and sign in at once.`,
  or: "or",
  social: {
    kakao: "Continue with Kakao",
    naver: "Continue with Naver",
    google: "Continue with Google",
  },
  socialTerms: "By continuing you agree to the terms and to the collection of your personal data.",
  socialErrors: {
    "no-email":
      "We need your e-mail address. Try again and allow it, or sign up with e-mail and password.",
    "email-unverified":
      "The e-mail address of that account is not verified yet. Verify it and try again.",
    "email-taken": "Somebody signed up with this address. Sign in with e-mail and password.",
    other: "Signing in did not finish. Try again, or use another way.",
  },
  signedIn: { title: "You are signed in", body: "We take you on in a moment.", goOn: "Continue" },
  demo: {
    title: "Straight into the sandbox",
    body: "Practice accounts. Their password is maedal1234!",
    customer: "Sign in as a customer",
    operator: "Sign in as an operator",
  },
};

export const authText = { ko, en };

function minutesInWords(minutes: number): string {
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
