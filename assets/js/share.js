/* SPDX-License-Identifier: Apache-2.0 */
/* Share links.  The viewer at /shl: the key stands behind the '#' and never leaves the browser; the sealed file is fetched,
 * unlocked here, and its sections are shown as text, built node by node.  And on the patient's page: copy the link. */
(() => {
	document.querySelectorAll("[data-copy]").forEach((button) => {
		button.hidden = !navigator.clipboard;
		button.addEventListener("click", async () => {
			await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
			button.textContent = button.dataset.copied;
		});
	});

	const root = document.getElementById("shl");
	if (!root || !window.crypto || !crypto.subtle || !window.DecompressionStream) return;
	const part = (name) => root.querySelector(`[data-shl="${name}"]`);
	const show = (name) => {
		for (const one of ["off", "ask", "stop", "summary"]) part(one).hidden = one !== name;
	};
	const stop = (why) => {
		part("why").textContent = root.dataset[why];
		show("stop");
	};
	const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
	const words = (array) => new TextDecoder().decode(array);

	function payload() {
		try {
			const found = /^#?shlink:\/([A-Za-z0-9_-]+)$/.exec(decodeURIComponent(location.hash));
			const link = JSON.parse(words(bytes(found[1])));
			return typeof link.url === "string" && bytes(link.key).length === 32 ? link : null;
		} catch {
			return null;
		}
	}

	async function unlock(jwe, key) {
		const [head, none, iv, text, tag] = jwe.split(".");
		const header = JSON.parse(words(bytes(head)));
		if (none || header.alg !== "dir" || header.enc !== "A256GCM") throw new Error("another lock");
		const sealed = new Uint8Array([...bytes(text), ...bytes(tag)]);
		const secret = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
		const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv), additionalData: new TextEncoder().encode(head) }, secret, sealed);
		if (header.zip !== "DEF") return words(plain);
		return new Response(new Blob([plain]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
	}

	/* ---- showing ---- */

	const element = (name, text, parent) => {
		const node = document.createElement(name);
		if (text) node.textContent = text;
		if (parent) parent.append(node);
		return node;
	};
	const day = (text) => {
		const date = new Date(text.length === 10 ? `${text}T12:00:00` : text);
		return date.toLocaleDateString(root.dataset.lang === "en" ? "en-GB" : root.dataset.lang, { day: "numeric", month: "long", year: "numeric" });
	};
	const allowed = ["P", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "BR", "UL", "OL", "LI", "B", "I", "DIV"];

	/* A copy of what the narrative says, with none of its attributes; what is not on the list gives its text alone. */
	function copy(from, to, labels) {
		for (const node of from.childNodes) {
			const name = node.nodeName.toUpperCase();
			if (node.nodeType === 3) to.append(node.textContent);
			else if (node.nodeType === 1 && name !== "SCRIPT" && name !== "STYLE")
				copy(node, allowed.includes(name) ? element(cell(node, name), "", to) : to, labels);
		}
		if (to.nodeName === "TD" || to.nodeName === "TH") label(to, labels);
	}
	const cell = (node, name) => (name === "TD" && node.parentNode.firstElementChild === node ? "th" : name.toLowerCase());
	function label(to, labels) {
		const row = to.parentNode, at = [...row.children].indexOf(to), inHead = row.parentNode.nodeName === "THEAD";
		if (inHead) labels[at] = to.textContent;
		else if (to.nodeName === "TD" && labels[at]) to.dataset.label = labels[at];
		if (to.nodeName === "TH") to.scope = inHead ? "col" : "row";
	}

	function section(one, to) {
		const box = element("section", "", to);
		box.className = "stack";
		element("h2", one.title, box);
		const text = new DOMParser().parseFromString(one.text?.div ?? "", "application/xhtml+xml").documentElement;
		copy(text, box, []);
		box.querySelectorAll("table").forEach((table) => {
			const frame = document.createElement("div");
			frame.className = "table-frame";
			table.className = "data-table";
			table.replaceWith(frame);
			frame.append(table);
		});
	}

	function person(resource, composition, organization) {
		const facts = part("person"), name = resource?.name?.[0];
		const fact = (label, value) => {
			if (!value) return;
			const pair = element("div", "", facts);
			element("dt", label, pair);
			element("dd", value, pair);
		};
		root.querySelector("h1").textContent = name?.text ?? [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family].filter(Boolean).join(" ");
		fact(root.dataset.tBorn, resource?.birthDate && day(resource.birthDate));
		fact(root.dataset.tMade, composition.date && day(composition.date));
		fact(root.dataset.tKept, organization?.name);
	}

	function display(text) {
		const bundle = JSON.parse(text), resources = bundle.entry.map((entry) => entry.resource);
		const composition = resources[0], by = (reference) => resources.find((r) => `${r.resourceType}/${r.id}` === reference);
		person(by(composition.subject.reference), composition, by(composition.custodian?.reference));
		for (const one of composition.section ?? []) section(one, part("sections"));
		part("save").addEventListener("click", () => {
			const file = element("a", "", document.body);
			file.href = URL.createObjectURL(new Blob([text], { type: "application/fhir+json" }));
			file.download = "health-summary.json";
			file.click();
			file.remove();
		});
		part("print").addEventListener("click", () => print());
		show("summary");
		root.querySelector("h1").focus();
	}

	/* ---- asking ---- */

	async function knock(link, form) {
		const answer = await fetch(new URL(link.url).pathname, {
			method: "POST",
			credentials: "omit",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify({ recipient: form.recipient.value, passcode: form.passcode.value || undefined }),
		}).catch(() => null);
		part("error").textContent = "";
		if (answer?.status === 401) {
			const left = (await answer.json()).remainingAttempts;
			if (left <= 0) return stop("tGone");
			part("error").textContent = `${root.dataset.tWrong} ${left}`;
			form.passcode.focus();
			return undefined;
		}
		if (answer?.status === 404) return stop("tGone");
		if (!answer?.ok) {
			part("error").textContent = root.dataset.tLine;
			return undefined;
		}
		const file = (await answer.json()).files[0];
		return display(await unlock(file.embedded ?? (await (await fetch(file.location)).text()), link.key));
	}

	function begin() {
		const link = payload(), form = part("ask");
		if (!link) return stop("tBroken");
		if (new URL(link.url, location.href).origin !== location.origin) return stop("tElsewhere");
		part("label").textContent = link.label ?? "";
		part("passcode").hidden = !(link.flag ?? "").includes("P");
		form.passcode.required = !part("passcode").hidden;
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			knock(link, form).catch(() => stop("tBroken"));
		});
		show("ask");
		return undefined;
	}
	begin();
})();
