/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as the program marks them; read by mkpo, never compiled. T("not this one: a comment") */
const char *a = TR("Send"), *b = T("Two " "pieces"), *c = "T(\"nor this\")";
str d = TF1("From %1", name), e = tr_n(lang, "%1 day", "%1 days", n), f = TC("verb", "Open"), g = T(variable);
