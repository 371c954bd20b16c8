// A list on its way up: chosen or dropped, sent as it is, with progress; the token of the upload goes to the page.
(() => {
  const byId = (id) => document.getElementById(id);
  const field = Object.assign(document.createElement("input"), { type: "file", accept: ".csv,.tsv,.txt,.xlsx", id: "lists-file" });
  field.hidden = true;
  let sending = false;

  function say(text, bad) {
    const line = byId("lists-sending");
    if (!line) return;
    line.textContent = text;
    line.classList.toggle("bad", Boolean(bad));
  }

  function send(file) {
    if (!file || sending) return;
    sending = true;
    say(`Sending ${file.name} …`);
    const request = new XMLHttpRequest();
    request.open("POST", `/lists/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    const shell = document.querySelector(".k-shell");
    if (shell) request.setRequestHeader("X-Kolgraph-Landscape", shell.dataset.landscape || "");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) say(`Sending ${file.name}: ${Math.round((100 * event.loaded) / event.total)} %`);
    };
    request.onload = () => {
      sending = false;
      if (request.status === 200) {
        window.dash_clientside.set_props("lists-upload", { data: JSON.parse(request.responseText).upload });
        return;
      }
      const reason = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("p");
      say(reason ? reason.textContent : `The file was not taken (${request.status}).`, true);
    };
    request.onerror = () => {
      sending = false;
      say("The file could not be sent: kolgraph does not answer, or the file changed meanwhile.", true);
    };
    request.send(file);
  }

  field.addEventListener("change", () => {
    send(field.files[0]);
    field.value = "";
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest("#lists-choose")) return;
    if (!field.isConnected) document.body.append(field);
    field.click();
  });

  const over = (event) => event.dataTransfer && event.dataTransfer.types.includes("Files") && byId("lists-drop");
  document.addEventListener("dragover", (event) => {
    const box = over(event);
    if (!box) return;
    event.preventDefault();
    box.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) byId("lists-drop")?.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const box = over(event);
    if (!box) return;
    event.preventDefault();
    box.classList.remove("over");
    send(event.dataTransfer.files[0]);
  });
})();
