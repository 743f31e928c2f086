// Shows the file that was chosen before it is sent. What cannot be read here is still judged by the server.
const field = document.getElementById("id_upload");
const WIDEST = 736; // pixels

if (field && "createImageBitmap" in window) {
  const canvas = document.createElement("canvas");
  canvas.className = "picture-chosen";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", document.getElementById("picture-words").dataset.preview);
  canvas.hidden = true;
  field.after(canvas);
  field.addEventListener("change", async () => {
    canvas.hidden = true;
    const [file] = field.files;
    if (!file) return;
    try {
      const picture = await createImageBitmap(file);
      if (file !== field.files[0]) return;
      const scale = Math.min(1, WIDEST / picture.width);
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      canvas.hidden = false;
    } catch {
      // Not a picture that this browser knows.
    }
  });
}
