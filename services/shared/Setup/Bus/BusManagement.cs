using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace WpAsis.Setup.Bus;

/// <summary>RabbitMQ's management API, as far as virtual hosts, users and permissions go.</summary>
public sealed class BusManagement : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="address">Address with user and password: <c>https://admin:password@localhost:7172</c>.</param>
    /// <param name="handler">Whom to trust; null for the system's authorities and SSL_CERT_FILE.</param>
    public BusManagement(Uri address, HttpMessageHandler? handler = null)
    {
        _http = handler is null ? new HttpClient() : new HttpClient(handler);
        _http.BaseAddress = new Uri(address.GetLeftPart(UriPartial.Scheme) + address.Authority + "/api/");
        _http.Timeout = TimeSpan.FromSeconds(30);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
    }

    /// <summary>Answers when the API does; fails when it does not or refuses the user.</summary>
    public async Task CheckAsync(CancellationToken stop)
    {
        using var response = await _http.GetAsync(new Uri("overview", UriKind.Relative), stop);
        Check(response, "overview");
    }

    /// <summary>Makes a virtual host, or leaves it as it is.</summary>
    public Task PutVirtualHostAsync(string name, CancellationToken stop) => PutAsync($"vhosts/{Uri.EscapeDataString(name)}", new { }, stop);

    /// <summary>Makes a user without tags, or gives it this password, and grants it these permissions on one virtual host.</summary>
    public async Task PutUserAsync(string virtualHost, string user, string password, BusPermissions permissions, CancellationToken stop)
    {
        await PutAsync($"users/{Uri.EscapeDataString(user)}", new { password, tags = "" }, stop);
        await PutAsync(
            $"permissions/{Uri.EscapeDataString(virtualHost)}/{Uri.EscapeDataString(user)}",
            new
            {
                configure = permissions.Configure,
                write = permissions.Write,
                read = permissions.Read,
            },
            stop
        );
    }

    /// <summary>
    /// No queue gives a message up because it was delivered often: its consumer decides that, and an operator who looks into an error
    /// queue delivers what is in it. RabbitMQ 4 would drop a message after 20 returns.
    /// </summary>
    public Task PutPatienceAsync(string virtualHost, CancellationToken stop) =>
        PutAsync(
            $"policies/{Uri.EscapeDataString(virtualHost)}/patience",
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["pattern"] = ".*",
                ["apply-to"] = "queues",
                ["definition"] = new Dictionary<string, int>(StringComparer.Ordinal) { ["delivery-limit"] = 1_000_000 },
            },
            stop
        );

    /// <summary>Names of all virtual hosts.</summary>
    public Task<IReadOnlyList<string>> ListVirtualHostsAsync(CancellationToken stop) => ListAsync("vhosts", stop);

    /// <summary>Names of all users.</summary>
    public Task<IReadOnlyList<string>> ListUsersAsync(CancellationToken stop) => ListAsync("users", stop);

    /// <summary>Removes a virtual host and everything in it; nothing happens where there is none.</summary>
    public Task DeleteVirtualHostAsync(string name, CancellationToken stop) => DeleteAsync($"vhosts/{Uri.EscapeDataString(name)}", stop);

    /// <summary>Removes a user; nothing happens where there is none.</summary>
    public Task DeleteUserAsync(string name, CancellationToken stop) => DeleteAsync($"users/{Uri.EscapeDataString(name)}", stop);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task PutAsync<TBody>(string path, TBody body, CancellationToken stop)
    {
        using var response = await _http.PutAsJsonAsync(new Uri(path, UriKind.Relative), body, stop);
        Check(response, path);
    }

    private async Task DeleteAsync(string path, CancellationToken stop)
    {
        using var response = await _http.DeleteAsync(new Uri(path, UriKind.Relative), stop);
        if (response.StatusCode != HttpStatusCode.NotFound)
            Check(response, path);
    }

    private async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken stop)
    {
        var items = await _http.GetFromJsonAsync<List<Named>>(new Uri($"{path}?columns=name", UriKind.Relative), stop) ?? [];
        return [.. items.Select(item => item.Name)];
    }

    private static void Check(HttpResponseMessage response, string path)
    {
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"RabbitMQ answered {(int)response.StatusCode} to {path}.", inner: null, response.StatusCode);
    }

    private sealed record Named(string Name);
}
