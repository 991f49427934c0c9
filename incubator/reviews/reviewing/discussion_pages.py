"""Removing one's own post, in either kind of room or in a thread."""

from typing import Any

from litestar import Controller, Response, post
from litestar.params import FromPath

from incubator.http.lookup import get_or_404
from incubator.http.templating import redirect
from incubator.people.guards import PersonRequest, signed_in
from incubator.reviews.reviewing.discussion import remove_post, room_of
from incubator.reviews.reviewing.threads import place_of
from incubator.reviews.tables import Post


class PostPages(Controller):
    path = "/posts/{post_id:int}"
    guards = [signed_in]

    @post("/removal")
    async def remove(self, request: PersonRequest, post_id: FromPath[int]) -> Response[Any]:
        row = get_or_404(await Post.objects().get(Post.id == post_id))
        where = place_of if row.is_below else room_of
        room = get_or_404(await where(row, request.user) or None)
        await remove_post(row, by=request.user)
        return redirect(room)


PAGES: list[Any] = [PostPages]
