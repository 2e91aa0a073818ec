// Points at the same fault in picture, text and list at once. Everything can be read without it.
(function () {
  function light(key, on) {
    var same = document.querySelectorAll('[data-key="' + key + '"]');
    for (var i = 0; i < same.length; i++) same[i].classList.toggle("hot", on);
  }
  function listen(type, on) {
    document.addEventListener(type, function (event) {
      var held = event.target.closest && event.target.closest("[data-key]");
      if (held) light(held.getAttribute("data-key"), on);
    });
  }
  // What is folded away must be on paper too, also where the style alone cannot open it.
  window.addEventListener("beforeprint", function () {
    var folded = document.querySelectorAll("details:not([open])");
    for (var i = 0; i < folded.length; i++) folded[i].open = true;
  });
  listen("mouseover", true);
  listen("mouseout", false);
  listen("focusin", true);
  listen("focusout", false);
})();
