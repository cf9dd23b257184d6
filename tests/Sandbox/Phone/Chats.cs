using System.Text.Json;
using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Phone;

/// <summary>All chats, found by number and person, by the key in a URL, and by the wamid of an inbound message.</summary>
internal sealed class Chats
{
    private readonly BoundedMap<(string PhoneNumberId, string Person), Chat> _chats = new(50_000);
    private readonly BoundedMap<string, Chat> _byKey = new(50_000);
    private readonly BoundedMap<string, Chat> _byInbound = new(100_000);

    public Chat Get(string phoneNumberId, Person person) =>
        _chats.GetOrAdd(
            (phoneNumberId, person.Key),
            () =>
            {
                var chat = new Chat(RandomIds.Alphanumeric(24), phoneNumberId, person);
                _byKey.Set(chat.Key, chat);
                return chat;
            }
        );

    public Chat? Find(string key) => _byKey.TryGet(key, out var chat) ? chat : null;

    public Chat? OfInbound(string wamid) => _byInbound.TryGet(wamid, out var chat) ? chat : null;

    public void AddInbound(Chat chat, Bubble bubble)
    {
        _byInbound.Set(bubble.Id, chat);
        chat.Add(bubble);
    }

    public void AddOutbound(Chat chat, SentMessage message)
    {
        JsonElement? payload = message.Type == "text" ? null : message.Body.Get(message.Type);
        chat.Add(new Bubble(message.Wamid, Mine: false, message.Type, message.Text, message.At) { Payload = payload });
    }

    /// <summary>Open pages stay open and go blank.</summary>
    public void Clear()
    {
        foreach (var chat in _chats.Values())
            chat.Forget();
        _byInbound.Clear();
    }
}
