import { policiesEn } from "./policies-en";
import { policiesKo } from "./policies-ko";

export const policiesText = { ko: policiesKo, en: policiesEn };
