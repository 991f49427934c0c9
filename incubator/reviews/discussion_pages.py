"""Taking one's own words out of a discussion, whichever room they stand in."""

from typing import Any

from litestar import Controller, Response, post
from litestar.params import FromPath

from incubator.people.guards import PersonRequest, found, signed_in
from incubator.reviews.discussion import remove_post, room_of
from incubator.reviews.tables import Post
from incubator.web.templating import redirect


class PostPages(Controller):
    path = "/posts/{post_id:int}"
    guards = [signed_in]

    @post("/removal")
    async def remove(self, request: PersonRequest, post_id: FromPath[int]) -> Response[Any]:
        row = found(await Post.objects().get(Post.id == post_id))
        room = found(await room_of(row, request.user) or None)
        await remove_post(row, by=request.user)
        return redirect(room)


PAGES: list[Any] = [PostPages]
