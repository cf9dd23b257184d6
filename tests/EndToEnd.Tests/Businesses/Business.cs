using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WpAsis.AppHost.Native.Running;

namespace WpAsis.EndToEnd.Tests.Businesses;

/// <summary>A customer with a number: contacts write to it, its account calls the APIs.</summary>
public sealed class Business(RunningSystem system, RunDemo account)
{
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public string TenantId => account.TenantId!;

    /// <summary>The tenant as it stands in a column.</summary>
    public Guid Tenant => Guid.Parse(TenantId["tnt_".Length..]);

    public string PhoneNumberId => account.PhoneNumberId;

    public string WabaId => account.WabaId;

    public string Email => account.Email;

    public string Password => account.Password;

    /// <summary>A contact writes.</summary>
    public async Task<JsonElement> WriteAsync(string from, string text)
    {
        const string Name = "Ayşe Çelik";
        system.Secrets.Add("contact", from);
        system.Secrets.Add("name", Name);
        system.Secrets.Add("text", text);
        var written = await system.ControlAsync(
            "graph/inbound",
            new
            {
                phoneNumberId = PhoneNumberId,
                from,
                profileName = Name,
                text,
            }
        );
        system.Secrets.Add("wamid", written.GetProperty("wamid").GetString()!);
        return written;
    }

    /// <summary>The texts that a contact got so far.</summary>
    public async Task<IReadOnlyList<string>> RepliesToAsync(string contact) =>
        [
            .. (await system.Sent.ReadAsync())
                .Where(message => message.PhoneNumberId == PhoneNumberId && message.To == contact)
                .Select(message => message.Text),
        ];

    /// <summary>Waits until a contact has got so many texts; answers with the last of them.</summary>
    public async Task<string> WaitForReplyAsync(string contact, int count = 1)
    {
        IReadOnlyList<string> replies = [];
        await RunningSystem.UntilAsync(
            $"{count} replies to {contact}",
            async () => (replies = await RepliesToAsync(contact)).Count >= count
        );
        replies.Count.ShouldBe(count);
        return replies[^1];
    }

    /// <summary>Something that comes behind must have come before one can say that nothing came.</summary>
    public async Task PassMarkerAsync(string contact)
    {
        var before = (await RepliesToAsync(contact)).Count;
        await WriteAsync(contact, "are you open on Saturday?");
        await WaitForReplyAsync(contact, before + 1);
    }

    /// <summary>What the assistant knows from now on.</summary>
    public Task<JsonElement> DescribeAsync(params string[] facts)
    {
        foreach (var fact in facts)
            system.Secrets.Add("fact", fact);
        return CallAsync(
            HttpMethod.Put,
            "ai-responder",
            "/profile",
            new
            {
                assistantName = "Ada",
                businessName = "WpAsis Demo",
                facts = string.Join('\n', facts),
                tone = "friendly",
                languages = new[] { "tr", "en" },
                scope = "",
                humanContact = "",
            }
        );
    }

    /// <summary>The thread with the newest message.</summary>
    public async Task<string> NewestThreadAsync()
    {
        var threads = await CallAsync(HttpMethod.Get, "messaging-gateway", "/threads?limit=1");
        return threads.GetProperty("items")[0].GetProperty("id").GetString()!;
    }

    /// <summary>Calls an API as the business's account.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string service, string path, object? body = null)
    {
        using var response = await SendAsync(method, service, path, body);
        var text = await response.Content.ReadAsStringAsync(Stop);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Calls an API as the business's account; any answer is an answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string service, string path, object? body = null)
    {
        while (true)
        {
            var known = _tokens.TryGetValue(service, out var token);
            if (!known)
                _tokens[service] = token = await SignInAsync(service);
            using var request = new HttpRequestMessage(method, system.Run.Services[service].Url + path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            var response = await system.Http.SendAsync(request, Stop);
            // It ran out, or the clock was moved.
            if (response.StatusCode != HttpStatusCode.Unauthorized || !known)
                return response;
            response.Dispose();
            _tokens.Remove(service);
        }
    }

    private async Task<string> SignInAsync(string service)
    {
        var signedIn = await system.ControlAsync(
            "token",
            new
            {
                identity = system.Run.Services["identity"].Url,
                email = Email,
                password = Password,
                scope = $"openid {service}",
            }
        );
        var token = signedIn.GetProperty("accessToken").GetString()!;
        system.Secrets.Add("access token", token);
        return token;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
