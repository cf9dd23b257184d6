using System.Text;
using System.Text.Json;

namespace WpAsis.EndToEnd.Tests.Watching;

/// <summary>Who finds nothing must first have shown that he finds something.</summary>
public sealed class SecretSearchTests
{
    private const string Token = "kanarya-4711 çok özel";
    private const string Number = "905551234567";
    private readonly SecretSearch _search = new(
        new Dictionary<string, string>(StringComparer.Ordinal) { [Token] = "text", [Number] = "contact" }
    );

    [Theory]
    [InlineData(Token)]
    [InlineData(Number)]
    public void A_planted_secret_is_found_in_every_form(string secret)
    {
        foreach (var planted in Plant(secret))
            _search.Find([.. Encoding.ASCII.GetBytes("{\"before\":\""), .. planted, .. Encoding.ASCII.GetBytes("\"}")]).ShouldNotBeNull();
    }

    [Fact]
    public void A_number_inside_a_wamid_is_found()
    {
        for (var before = 0; before < 6; before++)
        {
            var wamid = "wamid." + Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', before) + Number + "\u0015\u0002\u0000"));
            _search.Find(Encoding.ASCII.GetBytes(wamid)).ShouldNotBeNull();
        }
    }

    [Fact]
    public void What_is_no_secret_is_not_found() =>
        _search.Find(Encoding.UTF8.GetBytes("kanarya-4712, 905551234568, çok özel")).ShouldBeNull();

    private static IEnumerable<byte[]> Plant(string secret)
    {
        var utf8 = Encoding.UTF8.GetBytes(secret);
        yield return utf8;
        yield return Encoding.Unicode.GetBytes(secret);
        yield return Encoding.BigEndianUnicode.GetBytes(secret);
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(utf8));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8));
        yield return JsonSerializer.SerializeToUtf8Bytes(secret);
        yield return Encoding.ASCII.GetBytes(string.Concat(secret.Select(letter => $"\\u{(int)letter:x4}")));
        for (var before = 0; before < 3; before++)
        {
            var bytes = (byte[])[.. new byte[before], .. utf8, 1, 2, 3];
            yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes));
            yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'));
        }
    }
}
