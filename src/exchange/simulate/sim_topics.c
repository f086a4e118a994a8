/* SPDX-License-Identifier: Apache-2.0 */
/* What simulated people write to each other: our own sentences, in the proportions that were counted in real traffic. */
#include "exchange/simulate/sim_catalog.h"

enum { GENERAL = 0, APPOINTMENT = 10, TEST = 20, MEDICATION = 30 };

const struct sim_topic sim_topics[SIM_TOPICS] = {
    {472, MEDICATION, ASKS_MEDICINE, "Refill of %s",
	{"Hello, I have about a week left of my %s and no refills on the bottle. Could you renew it, please?",
	    "Good morning. The pharmacy says my %s needs a new prescription. I take my last one on Friday. Thank you "
	    "for your help."},
	{"Good morning. I sent the renewal of your %s to the pharmacy. It is mailed within three days. Please write "
	 "again if it has not come by next week.",
	    "Hello, your doctor renewed the %s for another year. You can pick it up at the window tomorrow after 10."},
	"Thank you so much, that was quick."},
    {176, APPOINTMENT, ASKS_NOTHING, "Changing my appointment",
	{"I cannot come to my appointment next week because my ride fell through. Is there something on another day, "
	 "better in the morning?",
	    "When is my next visit with you? I lost the card. I would also like it a bit later in the day if that is "
	    "possible."},
	{"We moved you to Tuesday of the week after, at 9:30 in the morning. Please reply if that does not suit you.",
	    "Your next visit is in three weeks, in the afternoon. A letter is on its way, and you see it here under "
	    "Visits."},
	"That works for me. Thanks."},
    {129, MEDICATION, ASKS_MEDICINE, "Question about %s",
	{"Since I take the %s I feel dizzy when I get up in the morning. Is that normal? Should I go on with it?",
	    "Can I take ibuprofen for my back together with the %s? The leaflet is not clear to me."},
	{"Thank you for telling us. Please get up slowly and drink enough. Keep taking the %s for now, and send us "
	 "your blood pressure for three mornings. If you faint or fall, call us at once.",
	    "Better not together with the %s. You can use acetaminophen, at most 3 grams a day. Tell us if the pain "
	    "stays longer than a week."},
	"I understand, I will do that."},
    {127, GENERAL, ASKS_NOTHING, "My knee is getting worse",
	{"My right knee hurts more than last month, mostly on the stairs. It is a little swollen in the evening. What "
	 "can I do until my next visit?",
	    "I have had a cough for ten days now. No fever, but I sleep badly. Should somebody look at it?"},
	{"Cool it for 15 minutes in the evening and take the stairs one at a time. If it gets hot or red, or you "
	 "cannot put weight on it, call us the same day. I would like to see you next week; the desk will call you.",
	    "Ten days without fever is most often still a cold. If you get short of breath, have fever or cough up "
	    "blood, call us the same day. Otherwise write again in one week, please."},
	"Thank you, nurse. I feel better knowing that."},
    {70, GENERAL, ASKS_NOTHING, "Referral to the eye clinic",
	{"Dr. said I should see the eye clinic every year. I have not heard from them. Do I need a new referral?",
	    "Has my referral to physical therapy gone through? I have been waiting two weeks."},
	{"I sent the referral again today. They will call you within five days. If not, write to us here.",
	    "It was approved yesterday. Their number is on your visit summary, or wait for their call this week."},
	"Good to know, thank you."},
    {65, GENERAL, ASKS_NOTHING, "Form for my employer",
	{"I need a letter for my employer that says I can only lift 20 pounds. Can you write one?",
	    "My address has changed. Where do I tell you the new one?"},
	{"The letter is signed and waits for you at the front desk. You can also find it under Documents.",
	    "We changed it today. Please check it under Your account the next time you sign in."},
	"Great, thanks."},
    {54, TEST, ASKS_TEST, "My %s result",
	{"I see my new %s here. There is a flag on it. Do I have to worry?",
	    "What does my %s mean? Last time it was different."},
	{"It is a little outside the range, as it was before, and it is nothing to worry about today. We will check "
	 "the %s again at your next visit.",
	    "Your %s is better than last time. Go on as you do. We check it again in three months."},
	"Thank you for explaining."},
    {52, TEST, ASKS_TEST, "Where do I get my %s done",
	{"Do I have to fast before the %s? And can I have it done on Saturday?",
	    "I was supposed to get the %s before my visit. Can I do it on the same day?"},
	{"Please fast for 10 hours before the %s; water is fine. The lab is open Saturdays from 7 to 11.",
	    "Yes, come one hour earlier for the %s, and the result is there when you see the doctor."},
	"Perfect."},
    {49, GENERAL, ASKS_NOTHING, "For your information",
	{"Just so that you know: I was in the emergency room on Sunday for a cut on my hand. Four stitches. They come "
	 "out in ten days.",
	    "My blood pressure at home this week: 138/82, 141/85, 135/80, 144/88. I thought you would like to have "
	    "it."},
	{"Thank you for letting us know. I put it into your record. Come in for the stitches on the tenth day, no "
	 "appointment needed.",
	    "Thank you, these are useful. A bit high still. Keep writing them down, and we look at them together at "
	    "your visit."},
	"Will do."},
    {41, GENERAL, ASKS_NOTHING, "A note about this website",
	{"I cannot find my X-ray from last month here. Should I see it?",
	    "How do I give my daughter access to my messages?"},
	{"The report is under Documents. The picture itself is at the clinic; we can print it for you.",
	    "You can come by the desk together, and we set it up in ten minutes. Please do not share your password."},
	"Found it, thank you."},
    {39, GENERAL, ASKS_NOTHING, "Thank you",
	{"I only want to say thank you for how you helped me last week. I feel much better.",
	    "Thanks to all of you for the card. It made my day."},
	{"That makes us very happy. Be well!", "You are very welcome. Be well!"}, "See you soon."},
};

const struct sim_outreach sim_outreach[SIM_OUTREACH] = {
    {"Your flu shot", "Flu shots are here. You can have yours without an appointment, weekdays from 8 to 4 at the "
		      "nurse's desk. It takes five minutes."},
    {"Your yearly check",
	"It is time for your yearly check. Please reply with two days that suit you, and we find a time."},
    {"Blood test before your visit", "Please have your blood drawn in the week before your visit. The order is in the "
				     "lab already. You do not need to fast."},
};
