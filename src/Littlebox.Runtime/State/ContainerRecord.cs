using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Littlebox.Runtime.State;

/// <summary>What is written down of a running container, in <c>state.json</c> of its directory; anyone with the right may <c>cat</c> it.</summary>
public sealed record ContainerRecord
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Its first process, as the host sees it.</summary>
    public required int Pid { get; init; }

    /// <summary>CLOCK_BOOTTIME in nanoseconds just after that process was made: with the start time in /proc/PID/stat it tells a reused pid.</summary>
    public required long StartedAtBootTime { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The littlebox that waits for it.</summary>
    public required int Owner { get; init; }

    /// <summary>The root as the user wrote it.</summary>
    public required string Root { get; init; }

    /// <summary>The command and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The environment, so that exec starts from the same.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The capabilities the container may have.</summary>
    public required ulong Capabilities { get; init; }

    /// <summary>The first process of the container is not the first of a pid namespace of its own, so that others may survive it.</summary>
    public bool SharesPids { get; init; }

    /// <summary>Inode of the container's mount namespace where <see cref="SharesPids"/>; 0 otherwise.</summary>
    public ulong MountNamespace { get; init; }

    /// <summary>Absolute path of the file that holds its pid, so that it goes with the container also where littlebox was killed; <c>null</c> where there is none.</summary>
    public string? PidFile { get; init; }

    /// <summary>The record as UTF-8 JSON. Written by hand: the tables that a <see cref="Utf8JsonWriter"/> sets up are a twentieth of a container's start.</summary>
    public byte[] ToJson()
    {
        var json = new StringBuilder(1024);
        json.Append("{\"name\":").AppendJson(Name)
            .Append(CultureInfo.InvariantCulture, $",\"pid\":{Pid},\"startedAtBootTime\":{StartedAtBootTime},\"started\":\"{Started:O}\",\"owner\":{Owner}")
            .Append(",\"root\":").AppendJson(Root)
            .Append(",\"command\":").AppendJson(Command)
            .Append(",\"environment\":").AppendJson(Environment)
            .Append(CultureInfo.InvariantCulture, $",\"capabilities\":\"{Capabilities:x}\",\"sharesPids\":{(SharesPids ? "true" : "false")},\"mountNamespace\":{MountNamespace}");
        if (PidFile is not null) json.Append(",\"pidFile\":").AppendJson(PidFile);
        return Encoding.UTF8.GetBytes(json.Append('}').ToString());
    }

    /// <summary>Reads a record; <c>null</c> where it is not one (written by another version, or damaged).</summary>
    public static ContainerRecord? Parse(byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            return new ContainerRecord
            {
                Name = root.GetProperty("name"u8).GetString()!,
                Pid = root.GetProperty("pid"u8).GetInt32(),
                StartedAtBootTime = root.GetProperty("startedAtBootTime"u8).GetInt64(),
                Started = root.GetProperty("started"u8).GetDateTimeOffset(),
                Owner = root.GetProperty("owner"u8).GetInt32(),
                Root = JsonText.FromJson(root.GetProperty("root"u8).GetString()!),
                Command = [.. root.GetProperty("command"u8).EnumerateArray().Select(static word => JsonText.FromJson(word.GetString()!))],
                Environment = [.. root.GetProperty("environment"u8).EnumerateArray().Select(static variable => JsonText.FromJson(variable.GetString()!))],
                Capabilities = ulong.Parse(root.GetProperty("capabilities"u8).GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                SharesPids = root.GetProperty("sharesPids"u8).GetBoolean(),
                MountNamespace = root.GetProperty("mountNamespace"u8).GetUInt64(),
                PidFile = root.TryGetProperty("pidFile"u8, out JsonElement pidFile) ? JsonText.FromJson(pidFile.GetString()!) : null,
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
