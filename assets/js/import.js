/* SPDX-License-Identifier: Apache-2.0 */
/* A file of any size is sent in pieces: how far it is stands in numbers, a broken line is waited for, and the same file chosen again goes
 * on where it stopped. Without this the form sends it whole, up to its limit. */
(() => {
	const root = document.getElementById("import-upload");
	const form = root?.querySelector("form");
	if (!form || !window.fetch) return;
	const box = document.getElementById("import-progress"), bar = box.querySelector("progress");
	const say = document.getElementById("import-sent");
	const field = form.elements.file, button = form.querySelector("button[type=submit]");
	const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
	const mb = (bytes) => (bytes / 1e6).toFixed(1);

	const show = (sent, all) => {
		box.hidden = false;
		bar.max = all;
		bar.value = sent;
		say.textContent = `${mb(sent)} / ${mb(all)} ${root.dataset.sent}`;
	};
	/* null: the line is gone; the caller waits and asks again. */
	const ask = async (path, body, type) => {
		const answer = await fetch(path, {
			method: "POST", credentials: "same-origin", body, headers: type ? { "Content-Type": type } : {},
		}).catch(() => null);
		if (!answer || answer.status >= 500 || answer.status === 429) return null;
		if (!answer.ok || answer.redirected) throw new Error((await answer.json().catch(() => ({}))).detail || "");
		return answer.json();
	};
	const insist = async (...request) => {
		for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
			const answer = await ask(...request);
			if (answer) return answer;
			say.textContent = root.dataset.waits;
			await pause(wait);
		}
	};

	async function send(file) {
		show(0, file.size);
		const begun = await insist(root.dataset.href,
			new URLSearchParams({ key: form.elements.key.value, name: file.name, bytes: file.size }));
		let at = begun.received, last = begun;
		do {
			show(at, file.size);
			last = await insist(`${begun.path}/pieces/${at}`, file.slice(at, at + begun.piece), "application/octet-stream");
			at = last.received;
		} while (!last.done);
		show(at, file.size);
		location.assign(begun.path);
	}

	form.addEventListener("submit", (event) => {
		const file = field.files[0];
		if (!file || !file.size) return;
		event.preventDefault();
		button.disabled = true;
		send(file).catch((error) => {
			say.textContent = error.message || root.dataset.stopped;
			button.disabled = false;
			delete form.dataset.sent;
		});
	});
})();
