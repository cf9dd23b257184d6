using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>A WhatsApp user as Meta knows them: always a user id, perhaps a number, perhaps a username.</summary>
internal sealed class Person(string? waId, string userId)
{
    public string? WaId { get; } = waId;

    public string UserId { get; set; } = userId;

    public string? ParentUserId { get; set; }

    public string? Name { get; set; }

    public string? Username { get; set; }

    public string Key => WaId ?? UserId;
}

/// <summary>All users that were seen. A number has one user id, made from it unless a test gives another.</summary>
internal sealed partial class People
{
    private readonly Lock _lock = new();
    private readonly BoundedMap<string, Person> _byWaId = new(100_000);
    private readonly BoundedMap<string, Person> _byUserId = new(100_000);

    public static bool IsUserId(string text) => UserIdShape().IsMatch(text);

    public static string Digits(string number) => string.Concat(number.Where(char.IsAsciiDigit));

    public Person Learn(string? from, string? userId, string? name = null, string? username = null)
    {
        lock (_lock)
        {
            var person = Resolve(from is null ? null : Digits(from), userId);
            person.Name = name ?? person.Name;
            person.Username = username ?? person.Username;
            return person;
        }
    }

    private Person Resolve(string? waId, string? userId)
    {
        if (waId is null)
            return _byUserId.GetOrAdd(userId!, () => new Person(null, userId!));
        var person = _byWaId.GetOrAdd(waId, () => new Person(waId, userId ?? MakeUserId(waId)));
        person.UserId = userId ?? person.UserId;
        _byUserId.Set(person.UserId, person);
        return person;
    }

    private static string MakeUserId(string waId)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes("sandbox portfolio " + waId));
        var country = waId switch
        {
            ['9', '0', ..] => "TR",
            ['4', '9', ..] => "DE",
            ['4', '4', ..] => "GB",
            _ => "US",
        };
        return $"{country}.1{string.Concat(hash.Take(19).Select(value => (char)('0' + (value % 10))))}";
    }

    [GeneratedRegex(@"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UserIdShape();
}
