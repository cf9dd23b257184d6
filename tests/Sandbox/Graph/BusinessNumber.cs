using System.Collections.Concurrent;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Graph;

/// <summary>A business number and the token that may use it.</summary>
internal sealed record BusinessNumber(
    string PhoneNumberId,
    string WabaId,
    string DisplayPhoneNumber,
    string AccessToken,
    string VerifiedName
);

/// <summary>The numbers that the Graph API knows. They survive a reset.</summary>
internal sealed class BusinessNumbers
{
    private readonly ConcurrentDictionary<string, BusinessNumber> _numbers = new(StringComparer.Ordinal);

    public BusinessNumbers(SandboxSettings settings)
    {
        foreach (var number in settings.Numbers)
        {
            Register(
                new BusinessNumber(number.PhoneNumberId, number.WabaId, number.DisplayPhoneNumber, number.AccessToken, number.VerifiedName)
            );
        }
        First = settings.Numbers.Count > 0 ? settings.Numbers[0].PhoneNumberId : null;
    }

    /// <summary>The demonstration business.</summary>
    public string? First { get; private set; }

    public void Register(BusinessNumber number)
    {
        _numbers[number.PhoneNumberId] = number;
        First ??= number.PhoneNumberId;
    }

    public BusinessNumber? Find(string phoneNumberId) => _numbers.GetValueOrDefault(phoneNumberId);

    public IReadOnlyList<BusinessNumber> All() => [.. _numbers.Values.OrderBy(number => number.PhoneNumberId, StringComparer.Ordinal)];

    public bool KnowsToken(string token) => _numbers.Values.Any(number => number.AccessToken == token);
}
