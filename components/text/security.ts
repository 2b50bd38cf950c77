import { MIN_PASSWORD_LENGTH } from "@/lib/auth/password-rules";
import { CONSOLE_SESSION_HOURS, SESSION_DAYS } from "@/lib/billing/policy";

const ko = {
  title: "로그인·보안",
  password: {
    title: "비밀번호 바꾸기",
    lead: "바꾸면 다른 기기에서는 모두 로그아웃돼요.",
    current: "지금 비밀번호",
    next: "새 비밀번호",
    hint: `${MIN_PASSWORD_LENGTH}자 이상이면 돼요. 문장처럼 길수록 안전해요.`,
    submit: "비밀번호 바꾸기",
    pending: "바꾸는 중이에요",
    wrong: "지금 비밀번호가 맞지 않아요.",
    none: "아직 비밀번호가 없어요. 지금 로그인한 방법은 그대로 두고, 메일로 받는 링크에서 비밀번호를 정할 수 있어요.",
    byMail: "메일로 비밀번호 정하기",
  },
  elsewhere: {
    title: "다른 기기에서 로그아웃",
    lead: "공용 컴퓨터나 잃어버린 휴대폰에 로그인해 두었다면, 지금 이 기기만 남기고 모두 로그아웃할 수 있어요.",
    submit: "다른 기기 모두 로그아웃",
    pending: "로그아웃하는 중이에요",
  },
  lasts: `로그인은 ${SESSION_DAYS}일 뒤에 끝나요.`,
  lastsForConsole: `운영 화면을 볼 수 있는 계정이라 로그인이 ${CONSOLE_SESSION_HOURS}시간 뒤에 끝나요.`,
  notices: {
    "password-changed": "비밀번호를 바꿨어요. 다른 기기에서는 모두 로그아웃됐어요.",
    "signed-out-elsewhere": "다른 기기에서 모두 로그아웃했어요.",
  },
};

const en: typeof ko = {
  title: "Sign-in and security",
  password: {
    title: "Change your password",
    lead: "All your other devices will be signed out.",
    current: "Current password",
    next: "New password",
    hint: `At least ${MIN_PASSWORD_LENGTH} characters. The longer, the safer.`,
    submit: "Change the password",
    pending: "Changing",
    wrong: "This is not your current password.",
    none: "You have no password yet. You can set one through a link that we mail to you, and keep signing in as you do now.",
    byMail: "Set a password by mail",
  },
  elsewhere: {
    title: "Sign out on other devices",
    lead: "If you left yourself signed in on a shared computer or a lost phone, you can sign out everywhere but here.",
    submit: "Sign out on all other devices",
    pending: "Signing out",
  },
  lasts: `You stay signed in for ${SESSION_DAYS} days.`,
  lastsForConsole: `You can see the console, so you stay signed in for ${CONSOLE_SESSION_HOURS} hours.`,
  notices: {
    "password-changed": "Your password has been changed. All your other devices are signed out.",
    "signed-out-elsewhere": "All your other devices are signed out.",
  },
};

export const securityText = { ko, en };
export type SecurityNotice = keyof typeof ko.notices;
