/* SPDX-License-Identifier: Apache-2.0 */
/* Live changes: numbers are set, named pieces of the page are fetched again. What somebody is about to press never moves:
 * while a piece is pointed at or holds the focus, a button offers the change instead. */
(() => {
	const path = document.body.dataset.events;
	if (!path || !window.EventSource) return;
	const source = new EventSource(path);
	const heard = new Set();

	const inUse = (piece) => piece.matches(":hover") || piece.contains(document.activeElement);

	const refresh = async (piece) => {
		const answer = await fetch(piece.dataset.fragment, { credentials: "same-origin", redirect: "error" }).catch(() => null);
		if (!answer || !answer.ok) return;
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		const fresh = page.getElementById(piece.id);
		if (!fresh || fresh.isEqualNode(piece)) return;
		const put = () => {
			piece.replaceChildren(...fresh.childNodes);
			piece.previousElementSibling?.matches(".live-offer") && piece.previousElementSibling.remove();
			listen();
		};
		if (!piece.dataset.liveNote || !inUse(piece)) return put();
		if (piece.previousElementSibling?.matches(".live-offer")) piece.previousElementSibling.remove();
		const offer = document.createElement("button");
		offer.type = "button";
		offer.className = "usa-button usa-button--outline live-offer";
		offer.setAttribute("role", "status");
		offer.textContent = piece.dataset.liveNote;
		offer.addEventListener("click", put);
		piece.before(offer);
	};

	const refreshAll = (name) =>
		document.querySelectorAll("[data-live][data-fragment][id]").forEach((piece) => {
			if (!name || piece.dataset.live.split(" ").includes(name)) refresh(piece);
		});

	const hear = (name, act) => {
		if (heard.has(name)) return;
		heard.add(name);
		source.addEventListener(name, act);
	};

	const setCounts = (name, text) =>
		document.querySelectorAll("[data-live-count]").forEach((count) => {
			if (count.dataset.liveCount !== name || !/^\d+$/.test(text)) return;
			count.textContent = text;
			count.hidden = text === "0";
		});

	function listen() {
		document.querySelectorAll("[data-live]").forEach((piece) =>
			piece.dataset.live.split(" ").forEach((name) => hear(name, () => refreshAll(name))));
		document.querySelectorAll("[data-live-count]").forEach((count) => {
			const name = count.dataset.liveCount;
			hear(name, (event) => {
				setCounts(name, event.data);
				refreshAll(name);
			});
		});
	}

	/* Who else is writing an answer here; and that this person is. */
	const typing = document.querySelector("[data-typing]");
	if (typing) {
		let clear = 0, told = 0;
		hear("typing", (event) => {
			const [thread, account, ...name] = event.data.split(" ");
			if (thread !== typing.dataset.typing || account === typing.dataset.me) return;
			typing.textContent = `${name.join(" ")} ${typing.dataset.words}`;
			clearTimeout(clear);
			clear = setTimeout(() => { typing.textContent = ""; }, 10000);
		});
		document.getElementById("reply")?.addEventListener("input", (event) => {
			if (Date.now() - told < 5000) return;
			told = Date.now();
			const body = new URLSearchParams({ s: event.currentTarget.elements.s.value });
			fetch(typing.dataset.href, { method: "POST", credentials: "same-origin", body }).catch(() => null);
		});
	}

	let lost = false;
	source.addEventListener("error", () => { lost = true; });
	source.addEventListener("open", () => {
		if (lost) refreshAll();
		lost = false;
	});
	listen();
})();
