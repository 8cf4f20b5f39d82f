// What the staff area can do more where scripts run: files dropped anywhere on the form, and progress without reloading.
const files = document.querySelector(".check input[type=file]");
const form = document.querySelector(".check");
if (form && files) {
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    files.files = event.dataTransfer.files;
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    button.textContent = "正在提交";
  });
  // A page that comes back from the browser's memory is ready to be used again.
  addEventListener("pageshow", () => {
    form.querySelector("button[type=submit]").disabled = false;
  });
}

const progress = document.querySelector("[data-progress]");
if (progress) {
  const look = async () => {
    const answer = await fetch(progress.dataset.progress, { redirect: "error" });
    const { done, total } = await answer.json();
    progress.querySelector("progress").max = total;
    progress.querySelector("progress").value = done;
    progress.querySelector("[data-done]").textContent = done;
    if (done >= total) location.reload();
    else setTimeout(look, 1000);
  };
  setTimeout(look, 500);
}
