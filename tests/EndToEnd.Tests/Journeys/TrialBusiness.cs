using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WpAsis.EndToEnd.Tests.Journeys;

/// <summary>A customer who has just registered and connected a number: on trial, and nobody gave it anything.</summary>
internal sealed partial class TrialBusiness(RunningSystem system)
{
    private readonly string _email = $"trial-{RandomNumberGenerator.GetHexString(8, lowercase: true)}@business.example";
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly string _phoneNumberId = "5" + RandomNumberGenerator.GetString("0123456789", 14);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Identity => system.Run.Services["identity"].Url;

    public static async Task<TrialBusiness> OpenAsync(RunningSystem system)
    {
        var business = new TrialBusiness(system);
        await business.RegisterAsync();
        await business.ConnectAsync();
        await business.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        return business;
    }

    public Task<JsonElement> WriteAsync(string from, string text) =>
        system.ControlAsync(
            "graph/inbound",
            new
            {
                phoneNumberId = _phoneNumberId,
                from,
                profileName = "Ayşe Çelik",
                text,
            }
        );

    /// <summary>Whom this number has answered so far.</summary>
    public async Task<IReadOnlyList<string>> AnsweredAsync()
    {
        var sent = await system.ReadControlAsync("graph/sent?limit=100000");
        return
        [
            .. sent.GetProperty("items")
                .EnumerateArray()
                .Where(item => item.GetProperty("phoneNumberId").GetString() == _phoneNumberId)
                .Select(item => item.GetProperty("to").GetString()!),
        ];
    }

    /// <summary>Subjects and texts of the owner's mails.</summary>
    public async Task<IReadOnlyList<string>> MailsAsync()
    {
        var mails = await system.ReadControlAsync($"mail?to={Uri.EscapeDataString(_email)}");
        return
        [
            .. mails
                .GetProperty("items")
                .EnumerateArray()
                .Select(mail => $"{mail.GetProperty("subject").GetString()}\n{mail.GetProperty("text").GetString()}"),
        ];
    }

    /// <summary>Calls an API as the owner.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string service, string path, object? body = null)
    {
        var signedIn = await system.ControlAsync(
            "token",
            new
            {
                identity = Identity,
                email = _email,
                password = _password,
                scope = $"openid {service}",
            }
        );
        using var request = new HttpRequestMessage(method, system.Run.Services[service].Url + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.GetProperty("accessToken").GetString());
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await system.Http.SendAsync(request, Stop);
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task RegisterAsync()
    {
        var account = new
        {
            name = "Deniz Deneme",
            email = _email,
            password = _password,
            businessName = "Deneme",
            country = "TR",
            language = "en",
        };
        using var registered = await system.Http.PostAsJsonAsync($"{Identity}/accounts", account, Stop);
        registered.EnsureSuccessStatusCode();
        var token = "";
        await RunningSystem.UntilAsync(
            "the confirmation mail",
            async () =>
                (token = (await MailsAsync()).Select(mail => Link().Match(mail).Groups["token"].Value).FirstOrDefault() ?? "").Length > 0
        );
        using var confirmed = await system.Http.PostAsJsonAsync($"{Identity}/accounts/confirm", new { token }, Stop);
        confirmed.EnsureSuccessStatusCode();
    }

    private async Task ConnectAsync()
    {
        var accessToken = "EAA" + RandomNumberGenerator.GetHexString(64, lowercase: true);
        var wabaId = "6" + RandomNumberGenerator.GetString("0123456789", 14);
        await system.ControlAsync(
            "graph/numbers",
            new
            {
                phoneNumberId = _phoneNumberId,
                wabaId,
                displayPhoneNumber = "+90 850 " + RandomNumberGenerator.GetString("0123456789", 7),
                accessToken,
                verifiedName = "Deneme",
            }
        );
        await CallAsync(
            HttpMethod.Post,
            "messaging-gateway",
            "/channels",
            new
            {
                phoneNumberId = _phoneNumberId,
                wabaId,
                accessToken,
            }
        );
    }

    private Task<JsonElement> DescribeAsync(string facts) =>
        CallAsync(
            HttpMethod.Put,
            "ai-responder",
            "/profile",
            new
            {
                assistantName = "Ada",
                businessName = "Deneme",
                facts,
                tone = "friendly",
                languages = new[] { "tr", "en" },
                scope = "",
                humanContact = "",
            }
        );

    [GeneratedRegex(@"/confirm\?token=(?<token>[A-Za-z0-9_\-\.~%]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
