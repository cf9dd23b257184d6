using System.Text;
using Npgsql;

namespace WpAsis.Identity.Tests.Data;

public sealed class NothingInClearTests(IdentityApplication application)
{
    private static readonly string[] Personal =
    [
        "Zerrin Canarysoy",
        "Canarysoy",
        "zerrin.canary@example.com",
        "zerrin.canary",
        "5321234567",
        "Papatya Sokak",
        "a passphrase of zerrin",
        "Canary Kuruyemiş",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_column_of_any_table_holds_a_persons_data_in_any_form()
    {
        const string Email = "zerrin.canary@example.com";
        using var browser = application.CreateBrowser("tr");
        await browser.PostFormAsync(
            "/sign-up",
            ("name", "Zerrin Canarysoy"),
            ("email", Email),
            ("phone", "+905321234567"),
            ("postalAddress", "Papatya Sokak 7, Ankara"),
            ("password", "a passphrase of zerrin"),
            ("businessName", "Canary Kuruyemiş")
        );
        await AssertNothingAsync("as a sign-up");
        (await application.ConfirmAsync(await application.ConfirmationTokenAsync(Email))).EnsureSuccessStatusCode();
        await browser.SignInAsync(Email, "a wrong password of zerrin");
        await browser.SignInAsync(Email, "a passphrase of zerrin");
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        await browser.RefreshAsync(tokens.Text("refresh_token"));
        await application.RegisterAsync(Email);
        await WaitFor.TrueAsync(() => Task.FromResult(application.Mail.To(Email).Any(mail => mail.Subject == "Zaten bir hesabınız var")));
        await AssertNothingAsync("as an account");
    }

    [Fact]
    public async Task The_search_finds_each_form_of_what_is_there()
    {
        const string Planted = "planted canary ş";
        await using var connection = await OpenAsync();
        foreach (
            var column in (string[])
                [
                    "'{0}'",
                    "convert_to('{0}', 'UTF8')",
                    "encode(convert_to('x{0}', 'UTF8'), 'base64')",
                    "'{{\"a\":\"planted canary \\u015F\"}}'",
                ]
        )
        {
            await RunAsync(
                connection,
                "create table planted as select "
                    + string.Format(System.Globalization.CultureInfo.InvariantCulture, column, Planted)
                    + " as value"
            );
            var dump = await DumpAsync();
            await RunAsync(connection, "drop table planted");
            Forms(Planted).Any(form => dump.Contains(form, StringComparison.OrdinalIgnoreCase)).ShouldBeTrue(column);
        }
        (await DumpAsync()).ShouldContain("owner", Case.Insensitive);
    }

    private async Task AssertNothingAsync(string when)
    {
        var dump = await DumpAsync();
        foreach (var form in Personal.SelectMany(Forms))
            dump.Contains(form, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"'{form}' stands in the database {when}");
    }

    // In clear, as the hexadecimal of bytes, in base64 at each of its three offsets, and JSON-escaped.
    private static IEnumerable<string> Forms(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return text;
        yield return Convert.ToHexString(bytes);
        yield return Convert.ToHexString(Encoding.Unicode.GetBytes(text));
        yield return System.Text.Json.JsonSerializer.Serialize(text).Trim('"');
        for (var offset = 0; offset < 3; offset++)
        {
            var shifted = Convert.ToBase64String([.. new byte[offset], .. bytes]);
            yield return shifted[(offset == 0 ? 0 : 4)..^4];
        }
    }

    /// <summary>Every row of every table as text, as the superuser sees it; bytes as hexadecimal.</summary>
    private async Task<string> DumpAsync()
    {
        var dump = new StringBuilder();
        await using var connection = await OpenAsync();
        var tables = await ColumnAsync(
            connection,
            "select format('%I.%I', table_schema, table_name) from information_schema.tables "
                + "where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
        );
        tables.Count.ShouldBeGreaterThan(15);
        foreach (var table in tables)
            dump.AppendLine(table).AppendJoin('\n', await ColumnAsync(connection, $"select t::text from {table} t")).AppendLine();
        // A row as text doubles its backslashes.
        return dump.Replace(@"\\", @"\").ToString();
    }

#pragma warning disable CA2100 // Constants of this test, and names of tables from the catalogue.
    private static async Task<List<string>> ColumnAsync(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var values = new List<string>();
        while (await reader.ReadAsync(Stop))
            values.Add(reader.GetString(0));
        return values;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
#pragma warning restore CA2100

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(application.Superuser) { Database = application.Database.Name, Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(Stop);
        return connection;
    }
}
