/* SPDX-License-Identifier: Apache-2.0 */
/* Shortcuts for those who answer forty messages: the keys that buttons and links name in data-key, j and k between rows, o to
 * open, Ctrl+Enter to send, ? for a list of them all, where they can be switched off on this device (WCAG 2.1.4). Never while typing. */
(() => {
	const words = document.body.dataset;
	const rows = () => [...document.querySelectorAll("[data-row]")];
	const isOn = () => localStorage.getItem("keys") !== "off";

	const step = (by) => {
		const all = rows(), at = all.indexOf(document.activeElement);
		const row = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
		if (row) row.focus();
	};

	const line = (list, key, label) => {
		const term = document.createElement("dt"), text = document.createElement("dd"), cap = document.createElement("kbd");
		cap.textContent = key;
		term.append(cap);
		text.textContent = label;
		list.append(term, text);
	};

	function help() {
		const box = document.createElement("dialog"), title = document.createElement("h2"), list = document.createElement("dl");
		const label = document.createElement("label"), onOff = document.createElement("input"), close = document.createElement("button");
		box.className = "keys-help";
		title.id = "keys-title";
		title.textContent = words.keysTitle;
		box.setAttribute("aria-labelledby", title.id);
		if (rows().length) {
			line(list, "j", words.keysNext);
			line(list, "k", words.keysPrevious);
			line(list, "o", words.keysOpen);
		}
		document.querySelectorAll("[data-key]").forEach((one) => line(list, one.dataset.key, one.textContent.trim()));
		onOff.type = "checkbox";
		onOff.checked = isOn();
		onOff.addEventListener("change", () => localStorage.setItem("keys", onOff.checked ? "on" : "off"));
		label.append(onOff, ` ${words.keysUse}`);
		close.className = "usa-button";
		close.textContent = words.keysClose;
		close.addEventListener("click", () => box.close());
		box.addEventListener("close", () => box.remove());
		box.append(title, list, label, document.createElement("br"), close);
		document.body.append(box);
		box.showModal();
	}

	/* A key that unfolds something leads into its first field. */
	const press = (one) => {
		one.click();
		if (one.matches("summary") && one.parentElement.open)
			one.parentElement.querySelector("input:not([type=hidden]), select, textarea")?.focus();
	};

	document.addEventListener("keydown", (event) => {
		const menu = document.querySelector(".account[open]");
		if (event.key === "Escape" && menu) {
			menu.open = false;
			menu.querySelector("summary").focus();
		}
		/* In a text, Enter is a new line: with Ctrl it presses the main button of the form. */
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
			event.preventDefault();
			const form = event.target.form;
			(form.querySelector("button.usa-button:not(.usa-button--outline, .usa-button--unstyled)") ?? form.querySelector("button"))?.click();
			return;
		}
		if (!words.keysTitle || event.ctrlKey || event.metaKey || event.altKey) return;
		if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
		if (event.key === "?") help();
		if (!isOn()) return;
		if (event.key === "j") step(1);
		else if (event.key === "k") step(-1);
		else if (event.key === "o") (document.activeElement.matches("[data-row]") ? document.activeElement : rows()[0])?.click();
		else {
			const one = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
			if (!one) return;
			event.preventDefault(); /* the key is not typed into the field it leads to */
			press(one);
		}
	});
	document.addEventListener("click", (event) => {
		const menu = document.querySelector(".account[open]");
		if (event.target.closest("[data-keys-help]")) help();
		if (menu && !menu.contains(event.target)) menu.open = false;
	});
	document.querySelectorAll("[data-keys-help]").forEach((one) => { one.hidden = false; });
	document.querySelector("[data-focus]")?.focus();
})();
