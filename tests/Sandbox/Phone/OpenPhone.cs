using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Webhooks;

namespace WpAsis.Sandbox.Phone;

/// <summary>A person picks up the phone: gets a chat key for who they are, then listens to the chat.</summary>
internal sealed class OpenPhone(BusinessNumbers numbers, People people, Chats chats, GraphRecords records, PlayStatuses statuses)
{
    public IResult Identify(OpenPhoneRequest request)
    {
        var number = numbers.Find(request.Number is { Length: > 0 } asked ? asked : numbers.First ?? "");
        if (number is null)
            return Results.Problem("no-number", statusCode: 404);
        var from = request.From is { Length: > 0 } typed ? People.Digits(typed) : null;
        if (from is null && !People.IsUserId(request.UserId ?? ""))
            return Results.Problem("bad-identity", statusCode: 400);
        if (from is not null && from.Length is < 8 or > 15)
            return Results.Problem("bad-number", statusCode: 400);
        var person = people.Learn(from, from is null ? request.UserId : null, Short(request.Name), Short(request.Username));
        var chat = chats.Get(number.PhoneNumberId, person);
        return Results.Json(
            new
            {
                chat = chat.Key,
                business = new { name = number.VerifiedName, number = number.DisplayPhoneNumber },
                userId = person.UserId,
            }
        );
    }

    public IResult Listen(string key, CancellationToken cancellationToken) =>
        chats.Find(key) is { } chat ? TypedResults.ServerSentEvents(EventsAsync(chat, cancellationToken)) : Results.NotFound();

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(Chat chat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = chat.Open();
        try
        {
            if (numbers.Find(chat.PhoneNumberId) is { } number)
                statuses.ReadAll(number, chat, Unread(chat));
            await foreach (var item in reader.Reader.ReadAllAsync(cancellationToken))
                yield return new SseItem<string>(item);
        }
        finally
        {
            chat.Close(reader);
        }
    }

    private IEnumerable<SentMessage> Unread(Chat chat) =>
        chat.Bubbles().Where(bubble => !bubble.Mine).TakeLast(50).Select(bubble => records.Find(bubble.Id)).OfType<SentMessage>();

    private static string? Short(string? text) => text is { Length: > 0 } ? text[..Math.Min(text.Length, 100)] : null;
}

/// <summary>Who holds the phone: a number, or a user id alone. No number of the business: the first one.</summary>
internal sealed record OpenPhoneRequest(string? Number, string? From, string? UserId, string? Name, string? Username);
