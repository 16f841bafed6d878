// A first scene: the facts as text.
#include "scene.h"
#include "house.h"
#include "video.h"

static bool shown;
void enter_scene(void)
{
    if (!set_linear_mode(1024, 768, 32) && !set_linear_mode(800, 600, 32)) set_text_mode();
    shown = true;
}
void leave_scene(void) { shown = false; }
void scene_input(const struct input *input) { (void)input; }
void scene_second(void) {}
void scene_disc(void) {}
void scene_show(void) {}
