/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing typed is lost: a form with data-autosave is posted there three seconds after typing stops, again when the line is
 * back, and when the page is left. A form with data-once is sent once. */
(() => {
	const time = () =>
		new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).toLowerCase();

	document.querySelectorAll("form[data-autosave]").forEach((form) => {
		const state = form.querySelector(".autosave-state");
		let timer = 0, saved = new URLSearchParams(new FormData(form)).toString();

		const say = (text) => {
			if (!state) return;
			state.hidden = false;
			state.textContent = text;
		};
		const later = (ms) => {
			clearTimeout(timer);
			timer = setTimeout(save, ms);
		};
		async function save() {
			const text = new URLSearchParams(new FormData(form)).toString();
			if (text === saved) return;
			const answer = await fetch(form.dataset.autosave, {
				method: "POST",
				credentials: "same-origin",
				headers: { "Content-Type": "application/x-www-form-urlencoded" },
				body: text,
			}).catch(() => null);
			if (answer && answer.ok && !answer.redirected) {
				saved = text;
				say(`${state.dataset.saved} ${time()}`);
			} else if (answer && answer.status < 500) {
				say(state.dataset.stopped);
			} else {
				say(state.dataset.waiting);
				later(10000);
			}
		}
		form.addEventListener("input", () => later(3000));
		window.addEventListener("online", () => later(0));
		form.addEventListener("submit", () => {
			clearTimeout(timer);
			saved = new URLSearchParams(new FormData(form)).toString();
		});
		window.addEventListener("pagehide", () => {
			const body = new URLSearchParams(new FormData(form));
			if (body.toString() !== saved) navigator.sendBeacon(form.dataset.autosave, body);
		});
	});

	document.querySelectorAll("form[data-once]").forEach((form) => {
		form.addEventListener("submit", (event) => {
			if (form.dataset.sent) event.preventDefault();
			form.dataset.sent = "yes";
		});
	});
	window.addEventListener("pageshow", () =>
		document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

	/* The kind of question proposes the team, until the person chooses one. */
	document.querySelectorAll("[data-proposals]").forEach((box) => {
		const form = box.closest("form"), name = box.dataset.proposals, hint = document.getElementById(`hint-${name}`);
		let chosen = false;
		form.addEventListener("change", (event) => {
			chosen ||= event.target.name === name;
			if (chosen || event.target.name !== "category") return;
			const proposal = box.querySelector(`[data-category="${event.target.value}"]`);
			const radio = proposal && form.querySelector(`input[name="${name}"][value="${proposal.dataset.team}"]`);
			if (!radio) return;
			radio.checked = true;
			if (hint) hint.textContent = proposal.textContent;
		});
	});

	document.querySelectorAll("[data-count]").forEach((field) => {
		const state = document.getElementById(field.id.replace("field-", "count-"));
		const show = () => {
			const left = field.dataset.count - [...field.value].length;
			state.textContent = `${Math.abs(left)} ${left < 0 ? state.dataset.over : state.dataset.left}`;
		};
		if (!state) return;
		field.addEventListener("input", show);
		if (field.value) show();
	});
})();
