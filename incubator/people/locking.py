"""One at a time around one person: for what depends on their other rows, in whichever project."""

from incubator.people.tables import Person


async def lock_person(person_id: int) -> Person:
    """The person as they are now; whoever else wants to lock them waits for the end of this transaction.

    Call inside a transaction, after the project where both are locked. Does not hinder
    readers, nor rows that merely refer to the person.
    """
    # Changes nothing but takes the row's lock, on either engine.
    await Person.update({Person.id: person_id}).where(Person.id == person_id)
    person = await Person.objects().get(Person.id == person_id)
    assert person is not None
    return person
